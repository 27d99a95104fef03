package dev.sallyport.kernel.upstream;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What every {@link UpstreamClient} does: to be inherited by the test of each implementation. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class UpstreamClientContract
        implements UpstreamHeadContract,
                UpstreamBodyContract,
                UpstreamUploadContract,
                UpstreamFailureContract,
                UpstreamCancellationContract,
                UpstreamConnectionContract,
                UpstreamTlsContract,
                UpstreamTunnelContract {

    private UpstreamFixture fixture;

    /** The implementation under test. */
    abstract UpstreamFixture newFixture();

    @BeforeEach
    void openFixture() {
        fixture = newFixture();
    }

    @AfterEach
    void closeFixture() throws Exception {
        fixture.close();
    }

    @Override
    public UpstreamFixture up() {
        return fixture;
    }
}
