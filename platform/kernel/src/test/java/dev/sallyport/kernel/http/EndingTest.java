package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.EndedEarlyException;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.tls.Acme;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What exchanges that are ended before their time look like from outside, over real sockets. */
@Timeout(60)
final class EndingTest {

    private final AtomicReference<Next> entry = new AtomicReference<>();
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final LinkedBlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
    private Listeners listeners;
    private Socket client;

    @BeforeEach
    void listen() throws Exception {
        serving.set(Serving.of(Generations.of(request -> {
            request.exchange().onComplete(completions::add);
            return entry.get().proceed(request);
        })));
        listeners = new Listeners(serving, exchange -> {}, new Acme(Path.of("target", "acme")));
        listeners.apply(List.of(Written.listener()));
        client = new Socket("127.0.0.1", listeners.addresses().get("web").port());
        client.setSoTimeout(30_000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        listeners.close();
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private String readTo(String end) throws IOException {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int c = client.getInputStream().read();
            assertThat(c).as("end of stream after: %s", all).isNotNegative();
            all.append((char) c);
        }
        return all.toString();
    }

    private LiveExchange exchange() {
        await().until(() -> listeners.exchanges().size() == 1
                && listeners.exchanges().iterator().next().isAnswered());
        return listeners.exchanges().iterator().next();
    }

    private static EndedEarlyException reason() {
        return new EndedEarlyException("on purpose");
    }

    @Test
    void aChunkedBodyIsCutOffWithoutItsLastChunk() throws Exception {
        entry.set(request -> Response.of(200, Headers.empty(), Body.of(new Endless(request), -1)));
        send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        readTo("tick\n");

        exchange().end(reason());

        String rest = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(rest).doesNotContain("0\r\n\r\n");
        assertThat(completions.take().outcome()).isEqualTo(Completion.Outcome.FAILED);
    }

    @Test
    void aRequestThatWaitsForItsHeadIsAnswered503AndItsConnectionIsKept() throws Exception {
        entry.set(request -> {
            LiveExchange exchange = (LiveExchange) request.exchange();
            LinkedBlockingQueue<IOException> cancelled = new LinkedBlockingQueue<>();
            exchange.cancellation().onCancel(cancelled::add);
            throw cancelled.take();
        });
        send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await().until(() -> listeners.exchanges().size() == 1);

        listeners.exchanges().forEach(exchange -> exchange.end(reason()));

        assertThat(readTo("}"))
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1")
                .contains("urn:sallyport:problem:ended-early")
                .contains("on purpose");
        entry.set(request -> Response.text(200, "again"));
        send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(readTo("again")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aStepThatWaitsForSomethingElseIsInterruptedOnceAndAnswered503() throws Exception {
        entry.set(request -> {
            new LinkedBlockingQueue<>().take();
            return Response.of(204);
        });
        send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await().until(() -> listeners.exchanges().size() == 1);

        listeners.exchanges().forEach(exchange -> {
            exchange.end(reason());
            exchange.interrupt();
        });

        assertThat(readTo("}")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void aWebSocketIsClosedBetweenTwoFramesOnBothSidesAndItsConnectionsAfterThat() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket gatewaysEnd = new Socket(far.getInetAddress(), far.getLocalPort());
                Socket upstream = far.accept()) {
            entry.set(request -> Response.upgrade(101, Headers.empty(), new SocketTunnel(gatewaysEnd)));
            send("GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            readTo("\r\n\r\n");
            upstream.getOutputStream()
                    .write(new byte[] {(byte) 0x81, 5, 'h', 'e'}); // the rest of the frame comes later
            assertThat(client.getInputStream().readNBytes(4)).endsWith('h', 'e');

            exchange().end(reason());

            byte[] masked = upstream.getInputStream().readNBytes(6 + 2 + "on purpose".length());
            assertThat(masked).startsWith(0x88, 0x80 | 12);
            // What the upstream sends after that frame is not passed on, up to its own close frame.
            upstream.getOutputStream()
                    .write(new byte[] {'l', 'l', 'o', (byte) 0x81, 1, 'x', (byte) 0x88, 2, 0x03, (byte) 0xe9});
            assertThat(client.getInputStream().readNBytes(3)).containsExactly('l', 'l', 'o');
            assertThat(client.getInputStream().readNBytes(4)).containsExactly(0x88, 12, 0x03, 0xe9);
            assertThat(new String(client.getInputStream().readNBytes(10), ISO_8859_1))
                    .isEqualTo("on purpose");
            assertThat(upstream.getInputStream().read())
                    .as("upstream's connection")
                    .isEqualTo(-1);
            client.getOutputStream().write(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xe9});
            assertThat(client.getInputStream().read()).as("client's connection").isEqualTo(-1);
        }
        Completion completion = completions.take();
        assertThat(completion.outcome()).isEqualTo(Completion.Outcome.FAILED);
        assertThat(completion.failure()).isEqualTo("on purpose");
        await().untilAsserted(() -> assertThat(listeners.exchanges()).isEmpty());
    }

    @Test
    void aWebSocketWhoseEndsDoNotAnswerIsClosedByTheCancellation() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket gatewaysEnd = new Socket(far.getInetAddress(), far.getLocalPort());
                Socket upstream = far.accept()) {
            entry.set(request -> Response.upgrade(101, Headers.empty(), new SocketTunnel(gatewaysEnd)));
            send("GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            readTo("\r\n\r\n");
            LiveExchange exchange = exchange();

            exchange.end(reason());
            assertThat(client.getInputStream().readNBytes(14)).startsWith(0x88, 12);
            assertThat(upstream.getInputStream().readNBytes(18)).startsWith(0x88, 0x80 | 12);
            assertThat(listeners.exchanges()).hasSize(1);
            exchange.cancellation().cancel(reason());

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(upstream.getInputStream().read()).isEqualTo(-1);
        }
        await().untilAsserted(() -> assertThat(listeners.exchanges()).isEmpty());
    }

    @Test
    void aTunnelOfAnotherProtocolIsClosed() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket gatewaysEnd = new Socket(far.getInetAddress(), far.getLocalPort());
                Socket upstream = far.accept()) {
            entry.set(request -> Response.upgrade(101, Headers.empty(), new SocketTunnel(gatewaysEnd)));
            send("GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo/1\r\n\r\n");
            readTo("\r\n\r\n");

            exchange().end(reason());

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(upstream.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A line, and then nothing until the exchange is cancelled, as an upstream's body does it. */
    private static final class Endless extends InputStream {

        private final LinkedBlockingQueue<IOException> cancelled = new LinkedBlockingQueue<>();
        private final byte[] line = "tick\n".getBytes(ISO_8859_1);
        private int at;

        Endless(dev.sallyport.api.Request request) {
            ((LiveExchange) request.exchange()).cancellation().onCancel(cancelled::add);
        }

        @Override
        public int read() throws IOException {
            if (at < line.length) {
                return line[at++];
            }
            try {
                throw cancelled.take();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (at == line.length) {
                return read();
            }
            System.arraycopy(line, 0, bytes, offset, line.length);
            at = line.length;
            return line.length;
        }
    }
}
