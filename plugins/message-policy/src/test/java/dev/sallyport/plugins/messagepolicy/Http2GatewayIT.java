package dev.sallyport.plugins.messagepolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.TestGateway;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same over HTTP/2 (RFC 8441). */
@Timeout(60)
final class Http2GatewayIT {

    @Test
    void theRulesHoldOverHttp2() throws Exception {
        Echo echo = new Echo();
        HTTP2Client client = new HTTP2Client();
        client.start();
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            listeners: [{name: web, address: "127.0.0.1:0", protocols: [http1, h2c]}]
            routes: [{name: all, plugins: [{message-policy: {maxMessage: 1KiB}}], upstream: "%s"}]
            """.formatted(echo.address()))) {
            CompletableFuture<SettingsFrame> settings = new CompletableFuture<>();
            Session session = client.connect(
                            new InetSocketAddress("127.0.0.1", gateway.address().getPort()), new Session.Listener() {
                                @Override
                                public void onSettings(Session from, SettingsFrame frame) {
                                    settings.complete(frame);
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            settings.get(20, TimeUnit.SECONDS);
            Received received = new Received();
            Stream stream = session.newStream(
                            new HeadersFrame(
                                    new MetaData.ConnectRequest(
                                            HttpScheme.HTTP,
                                            new HostPortHttpField(
                                                    gateway.address().getAuthority()),
                                            "/",
                                            HttpFields.build().add("sec-websocket-version", "13"),
                                            "websocket"),
                                    null,
                                    false),
                            received)
                    .get(20, TimeUnit.SECONDS);
            assertThat(received.status.get(20, TimeUnit.SECONDS)).isEqualTo(200);

            send(stream, "8185 37fa213d 7f9f4d5158"); // RFC 6455 §5.7
            await().until(() -> received.text().contains("Hello"));
            send(stream, "82fe 0401 00000000"); // the head of 1,025 bytes

            await().until(() -> received.text().contains("a message of more than 1024 bytes"));
            assertThat(received.text()).contains("\u0003\u00f1"); // 1009
            assertThat(received.ended.get(20, TimeUnit.SECONDS)).isTrue();
            gateway.await(
                    "the end of a client that does not say goodbye",
                    () -> gateway.steps().contains("\"open\":0"));
            client.stop();
        } finally {
            client.stop();
            echo.end();
        }
    }

    private static void send(Stream stream, String hex) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), false))
                .get(20, TimeUnit.SECONDS);
    }

    private static final class Received implements Stream.Listener {

        final CompletableFuture<Integer> status = new CompletableFuture<>();
        final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        synchronized String text() {
            return bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
        }

        @Override
        public void onHeaders(Stream from, HeadersFrame frame) {
            status.complete(((MetaData.Response) frame.getMetaData()).getStatus());
            from.demand();
        }

        @Override
        public void onDataAvailable(Stream from) {
            for (Stream.Data data = from.readData(); data != null; data = from.readData()) {
                ByteBuffer buffer = data.frame().getByteBuffer();
                synchronized (this) {
                    while (buffer.hasRemaining()) {
                        bytes.write(buffer.get());
                    }
                }
                data.release();
                if (data.frame().isEndStream()) {
                    ended.complete(true);
                    return;
                }
            }
            from.demand();
        }
    }
}
