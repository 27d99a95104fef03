package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.console.Key.By;
import dev.sallyport.plugins.console.RecentRequests.BadQueryException;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WatchingTest {

    private static final StepInfo LIMIT = new StepInfo("orders", "limit", "rate-limit", "1.0.0");
    private static final StepInfo RETRY = new StepInfo("orders", "retry", "retry", "1.0.0");
    private static final Attempt ATTEMPT =
            new Attempt(1, "shop", URI.create("http://127.0.0.1:9001"), "http://${env:HOST}:9001");

    private final Counters counters = new Counters();
    private final RecentRequests requests = new RecentRequests(3);
    private final Limits limits = new Limits();
    private final Request request = Requests.get("/orders/7?key=secret")
            .exchange(FakeExchange.builder().route("orders").build())
            .build();
    private final Watching watching = new Watching(counters, requests, limits, request);

    private static Completion completion(int status) {
        return new Completion(status, 1, 2, Duration.ofMillis(30), Completion.Outcome.COMPLETED, null);
    }

    private RecentRequest end(int status) throws BadQueryException {
        watching.ended(completion(status));
        return requests.search(Map.of()).getFirst();
    }

    @Test
    void countsByRouteStatusListenerUpstreamAndTarget() {
        watching.attemptBegins(ATTEMPT, request);
        watching.attemptEnded(ATTEMPT, 503, null);
        watching.ended(completion(503));

        Map<Key, Count> counts = counters.take();

        assertThat(counts.keySet())
                .contains(
                        Key.ALL,
                        new Key(By.ROUTE, "orders"),
                        new Key(By.STATUS, "5xx"),
                        new Key(By.UPSTREAM, "shop"),
                        new Key(By.ROUTE_UPSTREAM, "orders", "shop"),
                        new Key(By.UPSTREAM_TARGET, "shop", "http://${env:HOST}:9001"));
        assertThat(counts.get(Key.ALL).requests()).isEqualTo(1);
        assertThat(counts.get(Key.ALL).errors()).isEqualTo(1);
        assertThat(counters.take()).isEmpty();
        assertThat(counters.inFlight()).isZero();
    }

    @Test
    void namesTheStepThatAnswered() throws BadQueryException {
        watching.noted("key", "client.address");
        watching.stepLeft(LIMIT, Verdict.ANSWERED, null, 10);
        watching.stepLeft(RETRY, Verdict.PASSED, null, 10);
        watching.answered(new Problem(429, "rate-limited", "Too many requests").toResponse(request));

        RecentRequest kept = end(429);

        assertThat(kept.step()).isEqualTo("limit of orders");
        assertThat(kept.stepType()).isEqualTo("rate-limit");
        assertThat(kept.did()).isEqualTo("answered");
        assertThat(kept.problem()).isEqualTo("rate-limited");
        assertThat(kept.notes()).containsExactly("key: client.address");
        assertThat(kept.path()).isEqualTo("/orders/7");
        assertThat(kept.json().toString()).doesNotContain("secret");
    }

    @Test
    void namesNoStepWhereATargetAnsweredAfterAll() throws BadQueryException {
        watching.stepLeft(LIMIT, Verdict.ANSWERED, null, 10);
        watching.attemptBegins(ATTEMPT, request);
        watching.attemptEnded(ATTEMPT, 0, new IOException("reset"));
        watching.attemptBegins(ATTEMPT, request);
        watching.attemptEnded(ATTEMPT, 200, null);

        RecentRequest kept = end(200);

        assertThat(kept.step()).isNull();
        assertThat(kept.tries()).extracting(RecentRequest.Try::status).containsExactly(0, 200);
        assertThat(kept.tries().getFirst().failure()).isEqualTo("IOException");
        assertThat(kept.notes()).isEmpty();
    }

    @Test
    void namesTheStepThatFailed() throws BadQueryException {
        watching.stepLeft(LIMIT, Verdict.FAILED, new IllegalStateException(), 10);

        assertThat(end(500).did()).isEqualTo("failed");
    }

    @Test
    void keepsFailuresThatManyGoodOnesWouldPushOut() throws BadQueryException {
        end(500);
        for (int i = 0; i < 10; i++) {
            new Watching(counters, requests, limits, request).ended(completion(200));
        }

        assertThat(requests.search(Map.of("status", "failed"))).hasSize(1);
        assertThat(requests.search(Map.of("status", "2xx"))).hasSize(3);
        assertThat(requests.search(Map.of("limit", "2"))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "route, orders, 1",
        "route, other, 0",
        "route, -, 0",
        "method, get, 1",
        "path, /orders*, 1",
        "path, ders, 1",
        "path, ders*, 0",
        "status, 404, 1",
        "status, 4xx, 1",
        "status, 5xx, 0",
        "consumer, ada, 0",
        "since, 99999999999999, 0",
        "before, 99999999999999, 1",
        "step, limit of orders, 1",
        "step, rate-limit, 1",
    })
    void areFoundByWhatIsAskedFor(String name, String value, int found) throws BadQueryException {
        watching.stepLeft(LIMIT, Verdict.ANSWERED, null, 10);
        end(404);

        assertThat(requests.search(Map.of(name, value))).hasSize(found);
    }

    @Test
    void saysWhatAQueryMayAskFor() {
        for (Map<String, String> bad : List.of(
                Map.of("colour", "red"), Map.of("status", "4x"), Map.of("since", "now"), Map.of("limit", "-1"))) {
            assertThatThrownBy(() -> requests.search(bad))
                    .as(bad.toString())
                    .isInstanceOf(BadQueryException.class)
                    .hasMessageContaining("(expected: ");
        }
    }

    @Test
    void countsStepsOnlyWhileSomebodyLooksAtThem() {
        watching.stepLeft(LIMIT, Verdict.ANSWERED, null, 10);
        counters.lookAtSteps();
        Watching looked = new Watching(counters, null, limits, request);
        assertThat(looked.observesSteps()).isTrue();
        looked.stepLeft(LIMIT, Verdict.ANSWERED, null, 10);
        looked.stepLeft(RETRY, Verdict.FAILED, new IllegalStateException(), 10);

        Map<Key, Count> counts = counters.take();

        assertThat(counts.get(new Key(By.STEP, "orders", "limit")).requests()).isEqualTo(1);
        assertThat(counts.get(new Key(By.STEP_ANSWERED, "orders", "limit")).requests())
                .isEqualTo(1);
        assertThat(counts.get(new Key(By.STEP, "orders", "retry")).errors()).isEqualTo(1);
    }

    @Test
    void tellsAThousandConsumersApartAndNoMore() {
        for (int i = 0; i < 1500; i++) {
            counters.count(new Key(By.CONSUMER, counters.consumer("c" + i)), false, 0);
        }

        assertThat(counters.take()).hasSize(1001);
    }

    @Test
    void stepsWithoutNumberTakeTheBoundOfNothingElse() {
        for (int i = 0; i < 60_000; i++) {
            counters.count(new Key(By.STEP, "place-" + i, "limit"), false, 0);
        }
        counters.count(new Key(By.ROUTE, "late"), false, 0);

        Map<Key, Count> counts = counters.take();

        assertThat(counts).containsKeys(new Key(By.ROUTE, "late"), new Key(By.STEP, Counters.OTHER, Counters.OTHER));
        assertThat(counts).hasSizeLessThan(21_000);
    }
}
