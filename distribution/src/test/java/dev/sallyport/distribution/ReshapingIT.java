package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is changed as it passes: documents that are far larger than the heap go through {@code json-transform} and {@code mask}. */
final class ReshapingIT {

    private static final String HEAP = "64m";
    private static final int MIB = 1 << 20;

    private static final String ELEMENT =
            "{\"id\":12345678901234567890,\"price\":1.10,\"secret\":\"x\",\"note\":\"paid by 4111 1111 1111 1111\"}";

    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static HttpServer upstream;
    private static Product product;

    /** Documents as they are to be behind each route. */
    private static String expected(String route) {
        return route.equals("/transform")
                ? "{\"id\":12345678901234567890,\"price\":1.10,\"memo\":\"paid by 4111 1111 1111"
                        + " 1111\",\"by\":\"gateway\"}"
                : "{\"id\":12345678901234567890,\"price\":1.10,\"secret\":\"***\",\"note\":\"paid by **** **** ****"
                        + " 1111\"}";
    }

    @BeforeAll
    static void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext("/", ReshapingIT::answer);
        upstream.setExecutor(THREADS);
        upstream.start();
        String address = "http://127.0.0.1:" + upstream.getAddress().getPort();
        product = Product.with(Product.web("""
            routes:
              - name: transform
                match: {paths: [/transform]}
                plugins:
                  - json-transform:
                      request: &operations
                        - remove: [/*/secret]
                        - rename: {/*/note: memo}
                        - set: {/*/by: gateway}
                      response: *operations
                upstream: "%1$s"
              - name: mask
                match: {paths: [/mask]}
                plugins:
                  - mask:
                      rules:
                        - {names: [secret]}
                        - {patterns: [card, email, iban], as: {last: 4}}
                upstream: "%1$s"
            """.formatted(address))).heap(HEAP).start();
    }

    @AfterAll
    static void stop() {
        product.close();
        upstream.stop(0);
        THREADS.shutdownNow();
    }

    /** Sends a document of that many elements, or says how the one that came begins and how long it is. */
    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getQuery();
            String told = told(exchange.getRequestBody());
            exchange.getResponseHeaders().set("Content-Type", query == null ? "text/plain" : "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                if (query == null) {
                    out.write(told.getBytes(StandardCharsets.UTF_8));
                } else {
                    new Document(Long.parseLong(query)).transferTo(out);
                }
            }
        }
    }

    private static String told(InputStream in) throws IOException {
        byte[] start = in.readNBytes(300);
        long count = start.length;
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count += read;
        }
        return count + " bytes: " + new String(start, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/transform", "/mask"})
    void tenMebibytesAreChangedUpAndDown(String route) throws Exception {
        upAndDown(route, 10L * MIB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/transform", "/mask"})
    @Tag("proof")
    void aGibibyteIsChangedUpAndDown(String route) throws Exception {
        upAndDown(route, 1024L * MIB);
    }

    private static void upAndDown(String route, long bytes) throws Exception {
        long elements = bytes / (ELEMENT.length() + 1);
        long length = elements * (expected(route).length() + 1) + 1;
        long started = System.nanoTime();

        HttpRequest up = product.client()
                .request(route)
                .timeout(Duration.ofMinutes(20))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new Document(elements)))
                .build();
        HttpResponse<String> sent = Client.send(up, BodyHandlers.ofString());
        HttpRequest down = product.client()
                .request(route + "?" + elements)
                .timeout(Duration.ofMinutes(20))
                .build();
        String received;
        try (InputStream in = Client.send(down, BodyHandlers.ofInputStream()).body()) {
            received = told(in);
        }

        String expected =
                length + " bytes: [" + expected(route) + "," + expected(route).substring(0, 50);
        assertThat(sent.body()).startsWith(expected);
        assertThat(received).startsWith(expected);
        assertThat(product.process().isAlive()).isTrue();
        System.out.printf(
                "%s: %d MiB up and down in %d ms%n", route, bytes / MIB, (System.nanoTime() - started) / 1_000_000);
    }

    /** An array of elements that are alike. */
    private static final class Document extends InputStream {

        private static final byte[] ONE = (ELEMENT + ",").getBytes(StandardCharsets.UTF_8);

        private final long length;
        private long at;

        Document(long elements) {
            length = elements * ONE.length + 1;
        }

        @Override
        public int read() {
            if (at == length) {
                return -1;
            }
            long index = at++;
            return index == 0 ? '[' : index == length - 1 ? ']' : ONE[(int) ((index - 1) % ONE.length)];
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            int read = 0;
            for (int next = read(); next >= 0; next = read()) {
                buffer[offset + read++] = (byte) next;
                if (read == count) {
                    break;
                }
            }
            return read == 0 ? -1 : read;
        }
    }
}
