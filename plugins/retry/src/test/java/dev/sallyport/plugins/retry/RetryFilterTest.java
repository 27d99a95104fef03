package dev.sallyport.plugins.retry;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryFilterTest {

    private final FakeContext context = FakeContext.create();
    private final List<Duration> pauses = new ArrayList<>();
    private FakeExchange exchange =
            FakeExchange.builder().clock(context.clock()).build();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void triesAgainUntilItSucceeds() throws Exception {
        TrackedBody first = TrackedBody.of("broken");
        FakeNext next = FakeNext.answeringInTurn(
                Response.of(503, Headers.empty(), first), Response.of(502), Response.text(200, "well"));

        Response response = filter(Configs.usual()).handle(get(), next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(first.isClosed()).as("closed the answer that it dropped").isTrue();
        assertThat(exchange.notes())
                .containsEntry("retry1", "status 503, again after 25 ms")
                .containsEntry("retry2", "status 502, again after 50 ms");
    }

    @Test
    void givesTheLastOutcomeWhenAllFail() throws Exception {
        FakeNext next = FakeNext.answeringInTurn(Response.of(503), Response.of(502), Response.of(504));

        Response response = filter(Configs.usual()).handle(get(), next);

        assertThat(response.status()).isEqualTo(504);
        assertThat(exchange.notes()).containsEntry("notRetried", "status 504, but 3 attempts are all");
    }

    @Test
    void passesTheLastFailureOn() {
        FakeNext next = failing(Kind.RESET);

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> filter(Configs.usual()).handle(get(), next));

        assertThat(next.calls()).isEqualTo(3);
    }

    @Test
    void aMonitoredStepLetsNobodyWait() throws Exception {
        try (FakeContext monitored = FakeContext.builder().monitored().build()) {
            Filter filter = monitored.create(
                    new RetryFactory(),
                    Configs.usual()
                            .backoff(Duration.ofDays(1), Duration.ofDays(1))
                            .get());

            assertThat(filter.handle(get(), FakeNext.answering(Response.of(503)))
                            .status())
                    .isEqualTo(503); // days early
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  CONNECT,          3",
        "GET,  CONNECT_TIMEOUT,  3",
        "GET,  RESET,            3",
        "GET,  RESPONSE_TIMEOUT, 3",
        "GET,  PROTOCOL,         1",
        "GET,  NO_TARGET,        1",
        "POST, CONNECT,          3",
        "POST, CONNECT_TIMEOUT,  3",
        "POST, RESET,            1",
        "POST, RESPONSE_TIMEOUT, 1"
    })
    void repeatsAfterTheseFailures(String method, Kind kind, int calls) {
        FakeNext next = failing(kind);

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> filter(Configs.usual()).handle(request(method, Body.empty()), next))
                .returns(kind, UpstreamException::kind);

        assertThat(next.calls()).isEqualTo(calls);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void repeatsAfterTheFailuresThatAreAskedFor(Failure failure) {
        Kind kind = switch (failure) {
            case CONNECT -> Kind.CONNECT;
            case RESET -> Kind.RESET;
            case TIMEOUT -> Kind.RESPONSE_TIMEOUT;
            case PROTOCOL -> Kind.PROTOCOL;
            case UNAVAILABLE -> Kind.NO_TARGET;
        };
        FakeNext next = failing(kind);

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> filter(Configs.usual().failures(failure)).handle(get(), next));

        assertThat(next.calls()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"GET,500,1", "GET,429,1", "GET,502,3", "GET,503,3", "POST,503,1"})
    void repeatsAfterTheseStatuses(String method, int status, int calls) throws Exception {
        FakeNext next = FakeNext.answering(Response.of(status));

        filter(Configs.usual()).handle(request(method, Body.empty()), next);

        assertThat(next.calls()).isEqualTo(calls);
    }

    @Test
    void doesNotRepeatAnAnswerOfTheGatewaysOwn() throws Exception {
        FakeNext next = FakeNext.answering(
                request -> new Problem(503, "circuit-open", "Temporarily not available").toResponse(request));

        filter(Configs.usual()).handle(get(), next);

        assertThat(next.calls()).isEqualTo(1);
    }

    @Test
    void doesNotRepeatARequestForAnotherProtocol() throws Exception {
        FakeNext next = FakeNext.answering(Response.of(503));

        filter(Configs.usual()).handle(Requests.get("/").upgrade("websocket").build(), next);

        assertThat(next.calls()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsTheBodyAgain(boolean withLength) throws Exception {
        List<String> bodies = new ArrayList<>();
        FakeNext next = FakeNext.answering(request -> {
            bodies.add(request.body().text(100));
            return Response.of(503);
        });

        filter(Configs.usual()).handle(request("PUT", body("12345678", withLength)), next);

        assertThat(bodies).containsExactly("12345678", "12345678", "12345678");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsABodyThatIsTooLongOnceAndWhole(boolean withLength) throws Exception {
        List<String> bodies = new ArrayList<>();
        FakeNext next = FakeNext.answering(request -> {
            bodies.add(request.body().text(100));
            return Response.of(503);
        });

        filter(Configs.usual()).handle(request("PUT", body("123456789", withLength)), next);

        assertThat(bodies).containsExactly("123456789");
        assertThat(exchange.notes()).containsEntry("notRetried", "status 503, but its body was not kept");
    }

    @Test
    void leavesABodyAloneThatIsNotToBeRepeated() throws Exception {
        TrackedBody body = TrackedBody.of("1234");
        FakeNext next = FakeNext.ok();

        filter(Configs.usual()).handle(request("POST", body), next);

        assertThat(next.request().body()).isSameAs(body);
    }

    private static Body body(String text, boolean withLength) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Body.of(new ByteArrayInputStream(bytes), withLength ? bytes.length : -1);
    }

    @Test
    void pausesLongerEachTimeUpToABound() throws Exception {
        Configs settings = Configs.usual().attempts(6).backoff(Duration.ofMillis(100), Duration.ofMillis(300));

        filter(settings).handle(get(), FakeNext.answering(Response.of(503)));

        assertThat(pauses).extracting(Duration::toMillis).containsExactly(100L, 200L, 300L, 300L, 300L);
    }

    @Test
    void drawsEachPause() throws Exception {
        double[] drawn = {0, 0.5, 0};
        int[] at = {0};
        RetryFilter filter = new RetryFilter(
                Configs.usual().get(), context.clock(), context.meter(), () -> drawn[at[0]++], pauses::add);

        filter.handle(get(), FakeNext.answering(Response.of(503)));

        assertThat(pauses).containsExactly(Duration.ofMillis(25));
    }

    @ParameterizedTest
    @CsvSource({"1, 1025", "2, 2025", "'Thu, 01 Jan 2026 00:00:02 GMT', 2025", "soon, 25"})
    void waitsForRetryAfter(String header, long millis) throws Exception {
        FakeNext next = FakeNext.answeringInTurn(Response.of(503).withHeader("retry-after", header), Response.of(200));

        filter(Configs.usual()).handle(get(), next);

        assertThat(pauses).containsExactly(Duration.ofMillis(millis));
    }

    @Test
    void doesNotWaitForLong() throws Exception {
        FakeNext next = FakeNext.answering(Response.of(503).withHeader("retry-after", "3"));

        Response response = filter(Configs.usual()).handle(get(), next);

        assertThat(next.calls()).isEqualTo(1);
        assertThat(response.header("retry-after")).isEqualTo("3");
        assertThat(exchange.notes()).containsEntry("notRetried", "status 503, but it is asked to wait for 3 s");
    }

    @Test
    void waitsUntilATargetMayBeUsedAgain() {
        FakeNext next = FakeNext.failing(new UpstreamException(
                Kind.NO_TARGET, "none", new TargetUnavailableException("open", Duration.ofSeconds(1))));

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> filter(Configs.usual().attempts(2).failures(Failure.UNAVAILABLE))
                        .handle(get(), next));

        assertThat(pauses).containsExactly(Duration.ofMillis(1_025));
    }

    @Test
    void stopsAtTheDeadline() throws Exception {
        exchange = FakeExchange.builder()
                .clock(context.clock())
                .deadline(context.clock().instant().plusMillis(60))
                .build();
        FakeNext next = FakeNext.answering(Response.of(503));

        filter(Configs.usual()).handle(get(), next);

        assertThat(next.calls()).isEqualTo(2);
        assertThat(exchange.notes()).containsEntry("notRetried", "status 503, but its time is up");
    }

    @Test
    void limitsEachTry() throws Exception {
        filter(Configs.usual().tryTimeout(Duration.ofMillis(300))).handle(get(), FakeNext.ok());

        assertThat(exchange.attemptTimeout()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aStormOfRetriesIsImpossible() throws Exception {
        RetryFilter filter = filter(Configs.usual().attempts(10).budget("20%", 50));
        FakeNext next = FakeNext.answering(Response.of(503));

        for (int i = 0; i < 10_000; i++) {
            filter.handle(Requests.get("/").build(), next);
        }

        assertThat(next.calls()).as("calls of an upstream that fails").isBetween(12_000, 10_000 + 50 + 2_000);
        assertThat(filter.state()).isEqualTo(Map.of("budgetLeft", 0L));
    }

    @Test
    void countsWhatItDoes() throws Exception {
        filter(Configs.usual()).handle(get(), FakeNext.answering(Response.of(503)));

        assertThat(context.metrics())
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.retry.retries")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(
                                point -> point.hasValue(2).hasAttribute(stringKey("reason"), "status"))))
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.retry.refused")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(
                                point -> point.hasValue(1).hasAttribute(stringKey("reason"), "attempts"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "upstream:orders"})
    void refusesPlacesWhereNoTargetIsChosenAfterIt(String place) {
        try (FakeContext other = FakeContext.builder().route(place).build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() ->
                            other.create(new RetryFactory(), Configs.usual().get()));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET,it is tried up to 3 times", "POST,it is tried again only where no target has seen it"})
    void explainsHowOftenItTries(String method, String told) throws Exception {
        Filter filter = filter(Configs.usual());

        assertThat(filter.explain(request(method, Body.empty())).text()).isEqualTo(told);
    }

    private RetryFilter filter(Configs settings) {
        return new RetryFilter(settings.get(), context.clock(), context.meter(), () -> 1, time -> {
            pauses.add(time);
            context.clock().advance(time);
        });
    }

    private static FakeNext failing(Kind kind) {
        return FakeNext.failing(new UpstreamException(kind, "failed", null));
    }

    private Request get() {
        return request("GET", Body.empty());
    }

    private Request request(String method, Body body) {
        return Requests.of(method, "/").body(body).exchange(exchange).build();
    }
}
