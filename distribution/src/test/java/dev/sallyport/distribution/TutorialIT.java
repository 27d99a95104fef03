package dev.sallyport.distribution;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guides do what they say; the one of the plugin kit, which takes minutes, has {@link PluginKitIT}. */
final class TutorialIT {

    private static Closeable ports;

    @BeforeAll
    static void takePorts() throws IOException {
        ports = Ports.ofTheGuides();
    }

    @AfterAll
    static void givePorts() throws IOException {
        ports.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/guides/first-plugin.md",
                "docs/guides/plugins-live.md",
                "docs/guides/rollback.md",
                "docs/guides/config-changes.md",
                "docs/guides/canary.md",
                "docs/guides/doctor.md",
                "docs/guides/balancing.md",
                "docs/guides/explain.md",
                "docs/guides/signing.md",
                "docs/guides/marketplace.md",
                "docs/guides/tls.md",
                "docs/guides/trace.md",
                "docs/guides/monitor.md",
                "docs/guides/replay.md"
            })
    void everyBlockDoesWhatItSays(String guide) throws Exception {
        Tutorial.run(guide, Map.of(), Duration.ofMinutes(5));
    }
}
