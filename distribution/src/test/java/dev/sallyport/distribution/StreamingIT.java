package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies stream: far more than the heap holds goes through, both ways. */
final class StreamingIT {

    private static final String HEAP = "96m";
    private static final long MIB = 1 << 20;

    private static EchoServer echo;
    private static Product product;

    @BeforeAll
    static void start() {
        echo = new EchoServer();
        product = Product.with(Product.web("""
            routes:
              - {name: all, upstream: back}
              - name: scripted
                match: {headers: {x-scripted: "yes"}}
                plugins: [{javascript: {script: heads.js}}]
                upstream: back
            upstreams: {back: {targets: ["%s"]}}
            """.formatted(echo.address())))
                .file("scripts/heads.js", """
                    export default async function (request, next) {
                      request.headers.set("x-seen", "yes");
                      const response = await next(request);
                      response.headers.set("x-seen", "yes");
                      return response;
                    }
                    """)
                .heap(HEAP)
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
        echo.close();
    }

    /** More than the heap, and a fifth of what the proof sends. */
    @Test
    void aBodyLargerThanTheHeapStreamsUpAndDown() throws Exception {
        upAndDown(200 * MIB, "no");
    }

    @Test
    void aBodyThatAScriptDoesNotReadStreamsUpAndDown() throws Exception {
        upAndDown(200 * MIB, "yes");
    }

    @Test
    @Tag("proof")
    void aGibibyteStreamsUpAndDown() throws Exception {
        upAndDown(1024 * MIB, "no");
    }

    @Test
    @Tag("proof")
    void aGibibyteThatAScriptDoesNotReadStreamsUpAndDown() throws Exception {
        upAndDown(1024 * MIB, "yes");
    }

    /** @param scripted whether a script changes the heads of both messages */
    private static void upAndDown(long bytes, String scripted) throws Exception {
        assertThat(upload(bytes, scripted)).contains(bytes + " bytes");
        assertThat(download(bytes, scripted)).isEqualTo(bytes);
        assertThat(product.process().isAlive()).isTrue();
    }

    private static String upload(long bytes, String scripted) {
        HttpRequest request = product.client()
                .request("/up")
                .header("x-scripted", scripted)
                .timeout(Duration.ofMinutes(10))
                .POST(BodyPublishers.ofInputStream(() -> new Zeros(bytes)))
                .build();
        HttpResponse<String> response = Client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static long download(long bytes, String scripted) throws Exception {
        HttpRequest request = product.client()
                .request("/down?bytes=" + bytes)
                .header("x-scripted", scripted)
                .timeout(Duration.ofMinutes(10))
                .build();
        byte[] buffer = new byte[1 << 16];
        long count = 0;
        try (InputStream in = Client.send(request, BodyHandlers.ofInputStream()).body()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
            }
        }
        return count;
    }

    @Test
    void theHeadComesBeforeTheBodyIsWhole() {
        try (RawConnection client = new RawConnection(product.address())) {
            client.send("POST /early?wait HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100");
            client.send("3\r\nabc\r\n0\r\n\r\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> echo.requests() > 0);
            echo.release();
            assertThat(client.readTo("3 bytes\n")).contains("HTTP/1.1 200");
        }
    }

    /** Endless zeros, up to a number of them. */
    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long count) {
            left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
