package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import dev.sallyport.testservers.RedisServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gateways that keep responses in one Redis, under one name: each has a port of its own here, which is of the name. */
final class CachesInAClusterIT {

    private RedisServer redis;
    private TestUpstream upstream;
    private TestGateway one;
    private TestGateway other;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
        upstream = TestUpstream.start();
        upstream.answers(request -> new Answered(200, "hello", Map.of("Cache-Control", "max-age=600")));
        one = gateway();
        other = gateway();
    }

    @AfterEach
    void stop() {
        other.close();
        one.close();
        upstream.close();
        redis.close();
    }

    private TestGateway gateway() {
        TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../cache")))
                .and(TestGateway.builtJar(Path.of("../rewrite")))
                .start("""
                    services: [{name: shared, redis: {url: "%s", timeout: 5s}}]
                    routes:
                      - {name: all, plugins: [{rewrite: {host: shop.example.com}}, {cache: {store: shared}}], upstream: "%s"}
                    """.formatted(redis.url(), upstream.address()));
        gateway.await("Redis", () -> gateway.degraded().isEmpty());
        return gateway;
    }

    private static String status(HttpResponse<String> response) {
        return String.join(", ", response.headers().allValues("cache-status"));
    }

    @Test
    void whatOneHasFetchedTheOtherAnswersBy() {
        one.get("/");

        assertThat(status(other.get("/"))).startsWith("sallyport; hit");
        assertThat(status(other.get("/"))).startsWith("sallyport; hit");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void whatIsChangedThroughOneIsNotAnsweredByTheOther() {
        one.get("/");
        other.get("/");

        one.send(HttpRequest.newBuilder(one.address().resolve("/"))
                .POST(BodyPublishers.ofString("x"))
                .build());

        assertThat(status(other.get("/"))).contains("fwd=uri-miss");
    }

    @Test
    void nothingPurgedIsAnsweredOnceThePurgeHasReturned() throws Exception {
        AtomicInteger version = new AtomicInteger();
        upstream.answers(request -> {
            String answer = Integer.toString(version.get());
            return new Answered(200, answer, Map.of("Cache-Control", "max-age=600", "Cache-Tag", "t"));
        });
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int turn = 1; turn <= 100; turn++) {
                // Requests of others are under way all the time, so that old answers are on their way to be kept.
                Future<HttpResponse<String>> busy = clients.submit(() -> one.get("/"));
                Future<HttpResponse<String>> busyToo = clients.submit(() -> other.get("/"));
                version.set(turn);
                one.tell("cache/all/cache", "purge", turn % 2 == 0 ? "tag:t" : "/");

                assertThat(other.get("/").body()).isEqualTo(Integer.toString(turn));
                assertThat(one.get("/").body()).isEqualTo(Integer.toString(turn));
                busy.get();
                busyToo.get();
            }
        }
    }

    @Test
    void withoutRedisAllAreMissesAndNoneFails() {
        one.get("/");

        redis.kill();

        for (int i = 0; i < 20; i++) {
            HttpResponse<String> response = one.get("/");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(status(response)).contains("fwd=miss").contains("detail=store-away");
        }
        redis.restart();
        one.await("Redis", () -> status(one.get("/")).startsWith("sallyport; hit"));
    }

    @Test
    void whileRedisHangsNoRequestFails() {
        one.get("/");

        redis.hang();
        try {
            assertThat(one.get("/").statusCode()).isEqualTo(200);
            assertThat(one.get("/").statusCode()).isEqualTo(200);
        } finally {
            redis.goOn();
        }
    }
}
