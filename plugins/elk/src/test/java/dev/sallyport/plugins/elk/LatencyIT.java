package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Elasticsearch;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What requests take without the step, with it, and while Elasticsearch is away; by turns, printed, for docs/proofs/elk.md. */
@Tag("proof")
final class LatencyIT {

    private static final int REQUESTS = 20_000;
    private static final int CLIENTS = 4;

    @Test
    void ofRequests() throws Exception {
        try (Elasticsearch elasticsearch = Elasticsearch.start();
                TestUpstream upstream = TestUpstream.start();
                TestGateway without = gateway("", upstream);
                TestGateway with = gateway(step(elasticsearch.address().toString()), upstream);
                TestGateway away = gateway(step("http://127.0.0.1:1"), upstream)) {
            for (int round = 0; round < 4; round++) {
                measure("without", without, upstream);
                measure("with", with, upstream);
                measure("away", away, upstream);
            }
        }
    }

    private static TestGateway gateway(String plugins, TestUpstream upstream) {
        return TestGateway.with(TestGateway.builtJar())
                .start(plugins + "routes: [{name: hello, upstream: \"" + upstream.address() + "\"}]\n");
    }

    private static String step(String url) {
        return "plugins: [{elk: {elasticsearch: {url: \"" + url + "\"}}}]\n";
    }

    private static void measure(String what, TestGateway gateway, TestUpstream upstream) throws Exception {
        long[] nanos = new long[REQUESTS];
        AtomicInteger next = new AtomicInteger();
        long begun = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpRequest request = HttpRequest.newBuilder(gateway.address().resolve("/hello"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            for (int i = 0; i < CLIENTS; i++) {
                threads.submit(() -> {
                    for (int n = next.getAndIncrement(); n < REQUESTS; n = next.getAndIncrement()) {
                        long sent = System.nanoTime();
                        assertThat(client.send(request, BodyHandlers.discarding())
                                        .statusCode())
                                .isEqualTo(200);
                        nanos[n] = System.nanoTime() - sent;
                        if (n % 500 == 0) {
                            upstream.forget(); // it remembers what it got, and that takes longer with each one
                        }
                    }
                    return null;
                });
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%s: %.0f requests/s, p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms%n",
                what,
                REQUESTS / ((System.nanoTime() - begun) / 1e9),
                nanos[REQUESTS / 2] / 1e6,
                nanos[REQUESTS * 99 / 100] / 1e6,
                nanos[REQUESTS * 999 / 1000] / 1e6);
    }
}
