package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.Test;

/** The contract, for Jetty's client. */
final class JettyUpstreamClientTest extends UpstreamClientContract {

    @Override
    UpstreamFixture newFixture() {
        return new UpstreamFixture(
                tls -> new JettyUpstreamClient(new VirtualThreadPool(0), Protocol.HTTP1, tls),
                client -> ((JettyUpstreamClient) client)
                        .connections().stream()
                                .mapToInt(JettyUpstreamClient.Connections::active)
                                .sum());
    }

    /** Jetty's parser has its own spelling of names that it knows, whatever its compliance says. */
    @Test
    @Override
    public void keepsNamesOfReceivedFieldsAsTheyAre() throws Exception {
        assertThat(namesReceivedFor("CONTENT-type", "set-COOKIE", "DATE", "x-OWN"))
                .containsExactly("Content-Type", "Set-Cookie", "Date", "x-OWN");
    }
}
