package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A step that answers by itself, between two ends in memory. */
final class PingStepTest {

    @Test
    void aMessageIsAnsweredAndGoesNoFurther() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            End upstream = new End();
            End client = new End();
            Response response = PingStep.create(context)
                    .handle(
                            Requests.get("/").upgrade("websocket").build(),
                            request -> Response.upgrade(101, Headers.empty(), upstream));
            Tunnel tunnel = response.tunnel();
            tunnel.facing(client);

            tunnel.output().write(HexFormat.of().parseHex("818400000000" + "70696e67")); // "ping", with a mask of zero

            assertThat(client.written.toString()).endsWith("pong");
            assertThat(upstream.written.size()).isZero();
        }
    }

    @Test
    void aTunnelThatNobodyHasJoinedLetsNothingPassUnseen() throws Exception {
        try (FakeContext context = FakeContext.create()) {
            Tunnel tunnel = PingStep.create(context)
                    .handle(
                            Requests.get("/").upgrade("websocket").build(),
                            request -> Response.upgrade(101, Headers.empty(), new End()))
                    .tunnel();

            org.assertj.core.api.Assertions.assertThatIllegalStateException().isThrownBy(tunnel::input);
        }
    }

    private static final class End implements Tunnel {

        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public InputStream input() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream output() {
            return written;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
