package dev.sallyport.kernel.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Body;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.config.Percent;
import dev.sallyport.kernel.config.TraceConfig;
import dev.sallyport.kernel.telemetry.Telemetry;
import dev.sallyport.kernel.trace.TraceFilter;
import dev.sallyport.kernel.trace.Tracing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a step with {@code mode: monitor} may see, and that it enforces nothing. */
class MonitoredFilterTest {

    private static final Attribute<String> KEY = Attribute.of("test-key", String.class);

    private final Telemetry telemetry = new Telemetry();
    private final MonitorCounts counts = new MonitorCounts(telemetry.meter());
    private final Tracing tracing = new Tracing(Clock.systemUTC());

    private int upstreamCalls;
    private Request reached = StepNodeTest.request(Body.empty());
    private byte[] reachedBody = {};
    private Response answer = Response.of(200, Headers.of("x-from", "upstream"), Body.of("hello"));

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void tellsTheAnswerThatItWouldHaveGivenAndGoesOn() throws Exception {
        Filter refuses = (request, next) -> new Problem(429, "rate-limited", "Too many").toResponse(request);

        Seen seen = run(Body.of("body"), refuses);

        assertThat(seen.response().status()).isEqualTo(200);
        assertThat(reachedBody).asString(US_ASCII).isEqualTo("body");
        assertThat(upstreamCalls).isOne();
        assertThat(seen.step().path("mode").asString("")).isEqualTo("monitor");
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("answered");
        assertThat(seen.step().path("response").path("status").asInt(0)).isEqualTo(429);
        assertThat(seen.step().path("problem").path("code").asString("")).isEqualTo("rate-limited");
        assertThat(telemetry.text())
                .contains(
                        "sallyport_monitor_verdicts_total{route=\"test\",status=\"429\",step=\"step0\",verdict=\"answered\"}"
                            + " 1");
    }

    @Test
    void dropsItsChangesAndTellsThem() throws Exception {
        Filter changes = (request, next) -> next.proceed(
                        request.withHeader("x-added", "1").withMethod("PUT"))
                .withStatus(503)
                .withHeader("x-from", "step");

        Seen seen = run(Body.empty(), changes);

        assertThat(reached.method()).isEqualTo("GET");
        assertThat(reached.header("x-added")).isNull();
        assertThat(seen.response().status()).isEqualTo(200);
        assertThat(seen.response().header("x-from")).isEqualTo("upstream");
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("changed");
        assertThat(seen.step().path("request").path("method").asString("")).isEqualTo("PUT");
        assertThat(seen.step()
                        .path("request")
                        .path("headers")
                        .path("set")
                        .path("x-added")
                        .asString(""))
                .isEqualTo("1");
        assertThat(seen.step().path("response").path("status").asInt(0)).isEqualTo(503);
    }

    @Test
    void aStepThatLeavesAllAsItIsPasses() throws Exception {
        Seen seen = run(Body.of(stream("abc"), 3), (request, next) -> next.proceed(request));

        assertThat(seen.step().path("verdict").asString("")).isEqualTo("passed");
        assertThat(seen.step().has("request")).isFalse();
        assertThat(seen.step().has("response")).isFalse();
        assertThat(reachedBody).asString(US_ASCII).isEqualTo("abc");
        assertThat(seen.body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itsExceptionIsAVerdict(boolean afterNext) throws Exception {
        Filter fails = (request, next) -> {
            if (afterNext) {
                next.proceed(request);
            }
            throw new IOException("out of order");
        };

        Seen seen = run(Body.of(stream("abc"), 3), fails);

        assertThat(seen.response().status()).isEqualTo(200);
        assertThat(upstreamCalls).isOne();
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("failed");
        assertThat(seen.step().path("failure").asString("")).contains("out of order");
    }

    @Test
    void deepRecursionAndNullAreVerdictsToo() throws Exception {
        assertThat(run(Body.empty(), (request, next) -> Response.of(200 + depth(1)))
                        .step()
                        .path("verdict")
                        .asString(""))
                .isEqualTo("failed");
        assertThat(run(Body.empty(), (request, next) -> null)
                        .step()
                        .path("verdict")
                        .asString(""))
                .isEqualTo("failed");
    }

    private static int depth(int now) {
        return now == 0 ? 0 : 1 + depth(now + 1);
    }

    @Test
    void refusingATargetIsAVerdict() throws Exception {
        Filter refuses = (request, next) -> {
            throw new TargetUnavailableException("open", Duration.ofSeconds(1));
        };

        assertThat(run(Body.empty(), refuses).step().path("verdict").asString(""))
                .isEqualTo("refused-target");
    }

    @Test
    void nextRunsTheRestOnceHoweverOftenItIsCalled() throws Exception {
        Filter retries = (request, next) -> {
            assertThat(next.proceed(request).status()).isEqualTo(200);
            assertThat(next.proceed(request).status()).isEqualTo(200);
            return next.proceed(request.withHeader("x-try", "3"));
        };

        Seen seen = run(Body.of(stream("abc"), 3), retries);

        assertThat(upstreamCalls).isOne();
        assertThat(seen.response().status()).isEqualTo(200);
    }

    @Test
    void whatTheRestThrowsGoesThrough() {
        Filter swallows = (request, next) -> {
            try {
                return next.proceed(request);
            } catch (IOException e) {
                return Response.of(502);
            }
        };
        IOException failure = new IOException("broken");

        assertThatThrownBy(() -> chain(
                                asked -> {
                                    throw failure;
                                },
                                monitored(0, swallows))
                        .proceed(StepNodeTest.request(Body.empty())))
                .isSameAs(failure);
    }

    @Test
    void showsABoundedCopyOfTheRequestsBody() throws Exception {
        StringBuilder read = new StringBuilder();
        Filter reads = (request, next) -> {
            read.append(request.body().text(1000)).append(request.body().text(1000));
            request.body().close();
            return next.proceed(request);
        };

        Seen seen = run(Body.of(stream("abc"), 3), reads);

        assertThat(read).hasToString("abcabc");
        assertThat(reachedBody).asString(US_ASCII).isEqualTo("abc");
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("passed");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, ShownBody.BOUND + 1})
    void aBodyThatStreamsOrIsTooLongIsNotShownAndTheVerdictUnknown(int length) throws Exception {
        byte[] bytes = new byte[ShownBody.BOUND + 1];
        Filter reads = (request, next) -> {
            try {
                request.body().text(1_000_000);
            } catch (IllegalStateException notShown) {
                return Response.of(400);
            }
            return next.proceed(request);
        };

        Seen seen = run(Body.of(new ByteArrayInputStream(bytes), length), reads);

        assertThat(seen.response().status()).isEqualTo(200);
        assertThat(reachedBody).hasSize(bytes.length);
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("unknown");
    }

    @Test
    void aBodyThatHasGoneOnIsNotShownAnyMore() throws Exception {
        Filter reads = (request, next) -> {
            Response response = next.proceed(request);
            request.body().open();
            return response;
        };

        assertThat(run(Body.of(stream("abc"), 3), reads).step().path("verdict").asString(""))
                .isEqualTo("unknown");
    }

    @Test
    void showsABoundedCopyOfTheResponsesBody() throws Exception {
        answer = Response.of(200, Headers.empty(), Body.of(stream("hello"), 5));
        Filter reads = (request, next) -> {
            Response response = next.proceed(request);
            String text = response.body().text(1000);
            response.body().close();
            return response.withBody(Body.of(text + " and more"));
        };

        Seen seen = run(Body.empty(), reads);

        assertThat(seen.body()).isEqualTo("hello");
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("changed");
    }

    @Test
    void aResponseThatStreamsIsNotShown() throws Exception {
        answer = Response.of(200, Headers.empty(), Body.of(stream("hello"), -1));
        Filter reads = (request, next) -> {
            Response response = next.proceed(request);
            return response.withBody(Body.of(response.body().text(1000)));
        };

        Seen seen = run(Body.empty(), reads);

        assertThat(seen.body()).isEqualTo("hello");
        assertThat(seen.step().path("verdict").asString("")).isEqualTo("unknown");
    }

    @Test
    void aBodyThatBreaksWhileItIsShownIsTheExchangesFailure() {
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the client stopped");
            }
        };
        Filter reads = (request, next) -> {
            request.body().text(1000);
            return next.proceed(request);
        };

        assertThatThrownBy(() -> run(Body.of(breaks, 5), reads))
                .isInstanceOf(IOException.class)
                .hasMessage("the client stopped");
        assertThat(upstreamCalls).isZero();
    }

    @Test
    void whatItWritesToTheExchangeIsSeenByMonitoredStepsOnly() throws Exception {
        Filter writes = (request, next) -> {
            request.exchange().authenticated(new Consumer("mobile"));
            request.exchange().put(KEY, "written");
            return next.proceed(request);
        };
        String[] seen = new String[4];
        Filter looks = (request, next) -> {
            seen[0] = String.valueOf(request.exchange().get(KEY));
            seen[1] = String.valueOf(request.exchange().consumer());
            return next.proceed(request);
        };
        Filter looksToo = (request, next) -> {
            seen[2] = String.valueOf(request.exchange().get(KEY));
            Consumer consumer = request.exchange().consumer();
            seen[3] = consumer == null ? "" : consumer.name();
            return next.proceed(request);
        };
        Request request = StepNodeTest.request(Body.empty());

        chain(this::upstream, monitored(0, writes), new Step(1, looks), monitored(2, looksToo))
                .proceed(request);

        assertThat(seen).containsExactly("null", "null", "written", "mobile");
        assertThat(request.exchange().get(KEY)).isNull();
        assertThat(request.exchange().consumer()).isNull();
    }

    @Test
    void nextAfterItHasReturnedIsRefused() throws Exception {
        Next[] kept = new Next[1];
        Request request = StepNodeTest.request(Body.empty());
        chain(this::upstream, monitored(0, (asked, next) -> {
                    kept[0] = next;
                    return Response.of(204);
                }))
                .proceed(request);

        assertThatThrownBy(() -> kept[0].proceed(request)).isInstanceOf(IllegalStateException.class);
        assertThat(upstreamCalls).isOne();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(US_ASCII));
    }

    private Response upstream(Request request) throws IOException {
        upstreamCalls++;
        reached = request;
        try (InputStream in = request.body().open()) {
            reachedBody = in.readAllBytes();
        }
        return answer;
    }

    /** What came of one request through one monitored step. */
    private record Seen(Response response, String body, JsonNode step) {}

    private Seen run(Body body, Filter filter) throws Exception {
        tracing.configure(new TraceConfig(List.of(), new Percent(100), 5));
        Request request = StepNodeTest.request(body);
        LiveExchange exchange = (LiveExchange) request.exchange();
        exchange.record(Objects.requireNonNull(
                tracing.begin(request, null, exchange.generation().config(), 1)));
        Response response =
                Node.traced(chain(this::upstream, monitored(0, filter))).proceed(request);
        String text = response.body().text(1_000_000);
        exchange.complete(response.status(), Outcome.COMPLETED, null);
        JsonNode trace = JsonMapper.shared()
                .readTree(tracing.newestFirst(TraceFilter.ALL).getFirst().json());
        return new Seen(response, text, trace.path("steps").get(0));
    }

    private record Step(int slot, Filter filter) {}

    private Step monitored(int slot, Filter filter) {
        return new Step(slot, new MonitoredFilter(StepNodeTest.name("step" + slot), "test", filter, counts));
    }

    private static Next chain(Next end, Step... steps) {
        Next next = end;
        for (int i = steps.length - 1; i >= 0; i--) {
            next = new StepNode(StepNodeTest.name("step" + i), steps[i].filter(), null, steps[i].slot(), next);
        }
        return next;
    }
}
