package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that loop for ever on every carrier of the virtual-thread scheduler: the rest goes on, and they are named. */
final class WatchdogIT {

    private static final String LOOP = """
        for (long i = 0; ; i++) {
            if (i == Long.MIN_VALUE) {
                return next.proceed(request);
            }
        }
        """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void livezAdminAndOtherRoutesAnswerWhileStepsLoopOnEveryCarrier(int parallelism) throws Exception {
        try (Product product = Product.with(Product.web("""
            routes:
              - {name: spinning, match: {paths: [/loop]}, plugins: [{test/loop: {}}, {respond: {body: x}}]}
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: good}}]}
            """))
                        .plugin(PluginJars.step("test/loop", "1.0.0", LOOP))
                        .jvm("-Djdk.virtualThreadScheduler.parallelism=" + parallelism)
                        .start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(product.client().status("/good")).isEqualTo(200);

            List<RawConnection> loops = IntStream.range(0, parallelism)
                    .mapToObj(i -> new RawConnection(product.address()).send("GET /loop HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .toList();
            product.output().await("route spinning");

            assertThat(product.output().toString()).contains("test/loop");
            for (int i = 0; i < 20; i++) {
                assertThat(product.client().status("/good")).isEqualTo(200);
            }
            assertThat(product.status().status("/livez")).isEqualTo(200);
            assertThat(product.admin().status("/v1/routes")).isEqualTo(200);
            CompletableFuture<?>[] burst = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> good(product), threads))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(burst).get();
            assertThat(product.process().isAlive()).isTrue();
            loops.forEach(RawConnection::close);
            product.kill();
        }
    }

    private static void good(Product product) {
        HttpRequest request = product.client().request("/good").build();
        assertThat(Client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }
}
