package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long streams: a message is sent on when it has come, none is asked for that nobody takes, and none is kept. */
final class StreamsIT {

    private static final long MESSAGES = Boolean.getBoolean("sallyport.proof") ? 1_000_000 : 10_000;

    /** All in one process: server, gateway and client. */
    private static final long MOST_KEPT = 24 * 1024 * 1024;

    private GrpcServer server;
    private TestGateway gateway;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() {
        server = GrpcServer.start();
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            listeners: [{name: web, address: "127.0.0.1:0", limits: {maxBody: 10GiB}}]
            upstreams: {shop: {targets: ["%s"], protocol: h2, timeouts: {total: 1h, firstByte: 1h, idle: 1h}}}
            routes: [{name: all, plugins: [{grpc-json: {from: {reflection: {}}}}], upstream: shop}]
            """.formatted(server.address()));
        assertThat(gateway.get("/v1/customers/1/orders/2").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(gateway.address().resolve(path));
    }

    @Test
    void aMillionMessagesComeDown() throws Exception {
        HttpResponse<InputStream> response = client.send(
                request("/v1/customers/1/orders?pageSize=" + MESSAGES).build(), BodyHandlers.ofInputStream());

        long half = 0;
        long lines = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                assertThat(line.equals("{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\"}"))
                        .isTrue();
                if (++lines == MESSAGES / 2) {
                    half = used();
                }
            }
        }

        assertThat(lines).isEqualTo(MESSAGES);
        assertThat(used() - half).isLessThan(MOST_KEPT);
    }

    @Test
    void aMillionMessagesGoUp() throws Exception {
        Generated body = new Generated(MESSAGES, "{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\"}\n");

        HttpResponse<String> response = client.send(
                request("/v1/orders:import")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofInputStream(() -> body))
                        .build(),
                BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("{\"imported\":\"" + MESSAGES + "\"}");
        assertThat(used() - body.usedAtHalf).isLessThan(MOST_KEPT);
    }

    @Test
    void nothingIsAskedOfTheServerThatTheClientDoesNotTake() throws Exception {
        HttpResponse<InputStream> response =
                client.send(request("/v1/customers/large/orders?pageSize=10000").build(), BodyHandlers.ofInputStream());
        InputStream in = response.body();
        assertThat(in.read()).isEqualTo('{');

        long sent = awaitStill(server.sent::get);

        assertThat(sent).isBetween(1L, 1_000L); // 16 MB of 160: no more than the buffers on the way hold
        in.skipNBytes(10_000L * (16 * 1024 + "{'name':''}\n".length()) - 1);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(server.sent.get()).isEqualTo(10_000);
    }

    @Test
    void nothingIsAskedOfTheClientThatTheServerDoesNotTake() throws Exception {
        server.hold(true);
        Generated body = new Generated(10_000, "{\"name\":\"" + "n".repeat(16 * 1024) + "\"}\n");

        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request("/v1/orders:import")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(BodyPublishers.ofInputStream(() -> body))
                        .build(),
                BodyHandlers.ofString());
        gateway.await("the first message is there", () -> server.received.get() > 0);

        assertThat(awaitStill(body.given::get)).isBetween(1L, 1_000L);
        server.hold(false);
        assertThat(answer.get().body()).isEqualTo("{\"imported\":\"10000\"}");
    }

    /** A message goes on although the next one is not there yet, in both directions of one call. */
    @Test
    void aMessageIsAnsweredBeforeTheNextOneIsSent() throws Exception {
        try (java.net.Socket socket =
                new java.net.Socket("127.0.0.1", gateway.address().getPort())) {
            socket.getOutputStream()
                    .write(("POST /grpc.testing.TestService/FullDuplexCall HTTP/1.1\r\nHost: a\r\n"
                                    + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (int i = 0; i < 3; i++) {
                String message = "{\"responseParameters\":[{\"size\":3}]}\n";
                socket.getOutputStream()
                        .write((Integer.toHexString(message.length()) + "\r\n" + message + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII));

                String line = reader.readLine();
                while (!line.startsWith("{")) {
                    line = reader.readLine();
                }
                assertThat(line).isEqualTo("{\"payload\":{\"body\":\"AAAA\"}}");
            }
        }
    }

    /** Waits until a number does not grow any more, and gives it. */
    private long awaitStill(LongSupplier number) {
        AtomicLong last = new AtomicLong(-1);
        AtomicLong since = new AtomicLong(System.nanoTime());
        gateway.await("it stands still", () -> {
            long now = number.getAsLong();
            if (now != last.getAndSet(now)) {
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > 500_000_000;
        });
        return last.get();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The same line again and again, made as it is read. */
    private static final class Generated extends InputStream {

        private final long count;
        private final byte[] line;
        private final AtomicLong given = new AtomicLong();
        private volatile long usedAtHalf;
        private int at;

        Generated(long count, String line) {
            this.count = count;
            this.line = line.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int copied = 0;
            while (copied < length && given.get() < count) {
                int part = Math.min(length - copied, line.length - at);
                System.arraycopy(line, at, bytes, offset + copied, part);
                copied += part;
                at = (at + part) % line.length;
                if (at == 0 && given.incrementAndGet() == count / 2) {
                    usedAtHalf = used();
                }
            }
            return copied == 0 ? -1 : copied;
        }
    }
}
