package dev.sallyport.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheGatewayIT {

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        upstream.answers(request -> new Answered(200, "hello", Map.of("Cache-Control", "max-age=60")));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(String settings) {
        return TestGateway.with(TestGateway.builtJar()).start(config(settings));
    }

    private String config(String settings) {
        return """
            routes:
              - {name: all, plugins: [{cache: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address());
    }

    private static String status(HttpResponse<String> response) {
        return String.join(", ", response.headers().allValues("cache-status"));
    }

    @Test
    void servesTheExampleOfItsPage() {
        String example = MarkdownPage.examples()
                .getFirst()
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        upstream.answers(request -> new Answered(200, "for " + request.body(), Map.of()));
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example)) {
            gateway.get("/prices/1");
            HttpRequest query = HttpRequest.newBuilder(gateway.address().resolve("/graphql"))
                    .POST(BodyPublishers.ofString("{prices}"))
                    .build();
            gateway.send(query);

            assertThat(status(gateway.get("/prices/1"))).startsWith("sallyport; hit");
            HttpResponse<String> kept = gateway.send(query);
            assertThat(status(kept)).startsWith("sallyport; hit");
            assertThat(kept.body()).isEqualTo("for {prices}");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void whatIsKeptOutlivesReloadsAndUpgradesOfThePlugin(@TempDir Path folder) {
        Path jar = TestGateway.builtJar();
        try (TestGateway gateway = gateway("ttl: 1h")) {
            gateway.get("/");

            gateway.configure(config("ttl: 2h"));
            assertThat(status(gateway.get("/"))).startsWith("sallyport; hit");
            gateway.drop(PluginJar.withVersion(jar, "0.1.1", folder.resolve(jar.getFileName())));

            assertThat(status(gateway.get("/"))).startsWith("sallyport; hit");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aThousandMissesAtOnceMakeOneCall() throws Exception {
        CountDownLatch allIn = new CountDownLatch(1);
        upstream.answers(request -> {
            allIn.await();
            return new Answered(200, "hello", Map.of("Cache-Control", "max-age=60"));
        });
        try (TestGateway gateway = gateway("lockTimeout: 60s");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                answers.add(clients.submit(() -> gateway.get("/")));
            }
            gateway.await(
                    "all that wait",
                    () -> gateway.metrics()
                            .lines()
                            .anyMatch(line ->
                                    line.startsWith("sallyport_exchanges_in_flight") && line.contains(" 1000")));

            allIn.countDown();

            int collapsed = 0;
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
                assertThat(answer.get().body()).isEqualTo("hello");
                collapsed += status(answer.get()).contains("hit; collapsed") ? 1 : 0;
            }
            assertThat(collapsed).isEqualTo(999);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void whatIsStaleIsAnsweredAndFetchedAnewBeside() {
        upstream.answers(request -> new Answered(
                200,
                "answer " + upstream.requests().size(),
                Map.of("Cache-Control", "max-age=1, stale-while-revalidate=60")));
        try (TestGateway gateway = gateway("")) {
            String first = gateway.get("/").body();
            gateway.await("an answer that is stale", () -> {
                HttpResponse<String> response = gateway.get("/");
                assertThat(status(response)).startsWith("sallyport; hit");
                return status(response).contains("ttl=-") || status(response).contains("ttl=0");
            });

            gateway.await("another answer", () -> !gateway.get("/").body().equals(first));
        }
    }

    @Test
    void answersWhileTheUpstreamIsDown() {
        upstream.answers(request ->
                new Answered(200, "hello", Map.of("Cache-Control", "max-age=1, stale-if-error=600", "Age", "5")));
        try (TestGateway gateway = gateway("")) {
            gateway.get("/");
            upstream.answers(request -> Answered.cutOff());

            HttpResponse<String> stale = gateway.get("/");

            assertThat(stale.body()).isEqualTo("hello");
            assertThat(status(stale)).contains("hit").contains("detail=upstream-failed");
        }
    }

    @Test
    void forgetsByCommand() {
        try (TestGateway gateway = gateway("")) {
            gateway.get("/a/1");
            gateway.get("/b/1");

            assertThat(gateway.tell("cache/all/cache", "purge", "/a/")).contains("forgotten");

            assertThat(status(gateway.get("/a/1"))).contains("fwd=uri-miss");
            assertThat(status(gateway.get("/b/1"))).contains("hit");
            assertThat(gateway.steps()).contains("\"purges\":1");
        }
    }

    @Test
    void metricsTellWhatBecameOfRequests() {
        try (TestGateway gateway = gateway("")) {
            gateway.get("/");
            gateway.get("/");

            assertThat(gateway.metrics())
                    .contains("sallyport_cache_requests_total{")
                    .contains("outcome=\"hit\"")
                    .contains("outcome=\"uri-miss\"");
        }
    }

    @Test
    void aRangeOfWhatIsKeptIsCutFromIt() {
        try (TestGateway gateway = gateway("")) {
            gateway.get("/");

            HttpResponse<String> part = gateway.send(HttpRequest.newBuilder(URI.create(gateway.address() + "/"))
                    .header("Range", "bytes=1-2")
                    .build());

            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo("el");
        }
    }
}
