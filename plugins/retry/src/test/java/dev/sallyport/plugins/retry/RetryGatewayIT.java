package dev.sallyport.plugins.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import dev.sallyport.testgateway.TestUpstream.Received;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryGatewayIT {

    /** Each try on a connection of its own: what is cut off on a kept one the gateway sends again by itself. */
    private static final Map<String, String> FRESH = Map.of("connection", "close");

    private static TestGateway start(String settings, TestUpstream upstream) {
        return TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - {name: all, plugins: [{retry: {%s}}], upstream: "%s"}
            """.formatted(settings, upstream.address()));
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestUpstream good = TestUpstream.start();
                TestUpstream bad = TestUpstream.start().answers(503, "not now");
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .getFirst()
                                .replace("http://127.0.0.1:9001", good.address().toString())
                                .replace("http://127.0.0.1:9002", bad.address().toString()))) {
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            }

            assertThat(good.requests()).hasSize(20);
            assertThat(bad.requests()).as("each second request, once").hasSize(10);
        }
    }

    @Test
    void triesAnotherTargetAlsoWhereTheRequestDecidesOnOne() {
        try (TestUpstream one = TestUpstream.start();
                TestUpstream two = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            upstreams:
                              back: {targets: ["%s", "%s"], balance: {consistent-hash: {by: path}}}
                            routes: [{name: all, plugins: [{retry: {attempts: 3}}], upstream: back}]
                            """.formatted(one.address(), two.address()))) {
            List<String> order = new ArrayList<>();
            one.answers(request -> said(order, "one"));
            two.answers(request -> said(order, "two"));

            gateway.get("/");

            assertThat(order).hasSize(3);
            assertThat(order.get(1)).as("the second target").isNotEqualTo(order.get(0));
            assertThat(order.get(2))
                    .as("both were tried: the one that is meant")
                    .isEqualTo(order.get(0));
        }
    }

    private static Answered said(List<String> order, String name) {
        order.add(name);
        return new Answered(503, "", Map.of());
    }

    @Test
    void givesUpATryThatTakesTooLong() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start("tryTimeout: 100ms", upstream)) {
            upstream.answers(request -> {
                if (calls.incrementAndGet() == 1) {
                    over.await();
                }
                return new Answered(200, "well", Map.of());
            });

            HttpResponse<String> response = gateway.get("/");
            over.countDown();

            assertThat(response.body()).isEqualTo("well");
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void endsAtTheDeadlineOfTheRoute() {
        CountDownLatch over = new CountDownLatch(1);
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway =
                        TestGateway.with(TestGateway.builtJar()).start("""
                            routes:
                              - name: all
                                plugins: [{retry: {attempts: 10, tryTimeout: 200ms}}]
                                upstream: "%s"
                                timeouts: {total: 500ms}
                            """.formatted(upstream.address()))) {
            upstream.answers(request -> {
                over.await();
                return new Answered(200, "", Map.of());
            });

            HttpResponse<String> response = gateway.get("/");
            over.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(upstream.requests()).hasSizeBetween(1, 3);
        }
    }

    @Test
    void sendsAStreamedBodyAgainAfterTheConnectionWasCut() {
        AtomicInteger calls = new AtomicInteger();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start("maxBody: 10B", upstream)) {
            upstream.answers(request ->
                    calls.incrementAndGet() == 1 ? Answered.cutOff() : new Answered(200, request.body(), Map.of()));

            HttpResponse<String> kept = put(gateway, "0123456789");
            calls.set(0);
            HttpResponse<String> tooLong = put(gateway, "0123456789a");

            assertThat(kept.body()).isEqualTo("0123456789");
            assertThat(tooLong.statusCode()).isEqualTo(502);
            assertThat(upstream.requests())
                    .extracting(Received::body)
                    .containsExactly("0123456789", "0123456789", "0123456789a");
        }
    }

    private static HttpResponse<String> put(TestGateway gateway, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address())
                .PUT(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build());
    }

    /** Against a model of three lines, over faults that a seed decides. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void doesExactlyWhatItsPageSays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> faults = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            faults.add(List.of(200, 200, 404, 500, 503, 504, 0).get(random.nextInt(7)));
        }
        AtomicInteger calls = new AtomicInteger();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start("backoff: 1ms, maxBackoff: 1ms, reserve: 1000", upstream)) {
            upstream.answers(request -> {
                int status = faults.get(calls.getAndIncrement());
                return status == 0 ? Answered.cutOff() : new Answered(status, "", FRESH);
            });
            int model = 0;
            for (int i = 0; i < 100; i++) {
                int outcome = 0;
                for (int tries = 0; tries < 3; tries++) {
                    outcome = faults.get(model++);
                    if (outcome != 0 && outcome < 502) {
                        break;
                    }
                }

                assertThat(gateway.get("/").statusCode()).isEqualTo(outcome == 0 ? 502 : outcome);
                assertThat(calls).as("calls after request %d", i).hasValue(model);
            }
        }
    }

    @Test
    void aStormOfRetriesIsImpossible() throws Exception {
        int clients = 16;
        int each = 50;
        try (TestUpstream upstream = TestUpstream.start().answers(503, "not now");
                TestGateway gateway = start("attempts: 10, backoff: 1ms, maxBackoff: 1ms, reserve: 10", upstream)) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int client = 0; client < clients; client++) {
                    threads.submit(() -> {
                        for (int i = 0; i < each; i++) {
                            assertThat(gateway.get("/").statusCode()).isEqualTo(503);
                        }
                    });
                }
            }

            assertThat(upstream.requests().size())
                    .as("calls of an upstream that fails: as many as requests, a fifth of them, and the reserve")
                    .isBetween(clients * each, clients * each * 6 / 5 + 10);
            assertThat(gateway.metrics()).contains("sallyport_retry_refused_total");
        }
    }
}
