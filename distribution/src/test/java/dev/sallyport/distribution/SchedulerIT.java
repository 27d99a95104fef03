package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traffic with very few carriers for virtual threads: idle kept connections, bursts, uploads and slow upstreams at once. A
 * thread that pins or hogs a carrier would stop it.
 */
final class SchedulerIT {

    private static final int IDLE = 200;
    private static final int SLOW = 100;
    private static final int BURST = 300;
    private static final int UPLOADS = 8;
    private static final int UPLOAD_BYTES = 2 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private EchoServer echo;
    private ExecutorService threads;

    @BeforeEach
    void open() {
        echo = new EchoServer();
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterEach
    void close() {
        echo.close();
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nobodyWaitsForAnybody(int parallelism) throws Exception {
        // However busy the machine is, nothing of this runs out of time: who waits for whom is asked, not how long.
        try (Product product = Product.with("""
            version: 1
            listeners: [{name: web, address: "127.0.0.1:0", idle: 10m, limits: {bodyTimeout: 5m}}]
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            plugins:
              - access-log: {to: {file: access.log}}
            upstreams:
              echo: {targets: ["%s"], maxConnections: 1000, timeouts: {connect: 1m, firstByte: 5m}}
            routes:
              - name: all
                plugins:
                  - rate-limit: {limit: 1000000/s, by: client.address}
                  - headers: {response: {set: {x-a: b}}}
                  - javascript: {script: pass.js, limits: {wall: 5m}}
                upstream: echo
            """.formatted(echo.address()))
                .file("scripts/pass.js", "export default async function (request, next) { return next(request); }\n")
                .jvm("-Djdk.virtualThreadScheduler.parallelism=" + parallelism)
                .start()) {
            List<RawConnection> idle = idleConnections(product);
            List<CompletableFuture<Integer>> slow = run(SLOW, () -> status(product, "/slow?wait"));
            List<CompletableFuture<Integer>> uploads = run(UPLOADS, () -> upload(product));
            List<CompletableFuture<Integer>> burst = run(BURST, () -> status(product, "/burst"));

            assertThat(answers(burst)).hasSize(BURST).containsOnly(200);
            assertThat(answers(uploads)).hasSize(UPLOADS).containsOnly(200);
            assertThat(product.status().status("/livez")).isEqualTo(200);
            assertThat(product.admin().status("/v1/routes")).isEqualTo(200);

            product.change(() -> product.signal("HUP"));
            assertThat(slow).noneMatch(CompletableFuture::isDone);
            echo.release();
            assertThat(answers(slow)).hasSize(SLOW).containsOnly(200);

            for (RawConnection connection : idle) {
                assertThat(connection.send(get()).readTo("0 bytes\n")).startsWith("HTTP/1.1 200");
                connection.close();
            }
            assertThat(product.stop()).isZero();
        }
    }

    /** Connections that were used once and are kept. */
    private static List<RawConnection> idleConnections(Product product) {
        List<RawConnection> idle = new ArrayList<>();
        for (int i = 0; i < IDLE; i++) {
            RawConnection connection = new RawConnection(product.address());
            assertThat(connection.send(get()).readTo("0 bytes\n")).startsWith("HTTP/1.1 200");
            idle.add(connection);
        }
        return idle;
    }

    private static String get() {
        return "GET /kept HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static int status(Product product, String path) {
        HttpRequest request = product.client().request(path).timeout(PATIENCE).build();
        return Client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static int upload(Product product) {
        HttpRequest request = product.client()
                .request("/upload")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(new byte[UPLOAD_BYTES]))
                .build();
        HttpResponse<String> response = Client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.body()).contains(UPLOAD_BYTES + " bytes");
        return response.statusCode();
    }

    private List<CompletableFuture<Integer>> run(int times, java.util.function.Supplier<Integer> work) {
        return IntStream.range(0, times)
                .mapToObj(i -> CompletableFuture.supplyAsync(work, threads))
                .toList();
    }

    private static List<Integer> answers(List<CompletableFuture<Integer>> futures) throws Exception {
        List<Integer> answers = new ArrayList<>();
        for (CompletableFuture<Integer> future : futures) {
            answers.add(future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        return answers;
    }
}
