package dev.sallyport.kernel.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Percent;
import dev.sallyport.kernel.config.TraceConfig;
import dev.sallyport.kernel.trace.Recording;
import dev.sallyport.kernel.trace.Trace;
import dev.sallyport.kernel.trace.TraceFilter;
import dev.sallyport.kernel.trace.Tracing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a recording says of the steps of a chain, with a clock that only steps move. */
class TracedChainTest {

    private static final int STEPS = 10;
    private static final int RUNS = 2_000;

    private long now;
    private final Tracing tracing = new Tracing(Clock.systemUTC(), () -> now);

    @Test
    void aDelayInOneStepOfTenIsThatStepsOwnTimeAndNobodyElses() throws Exception {
        Random random = new Random(6);
        for (int run = 0; run < RUNS; run++) {
            long[] before = micros(random);
            long[] after = micros(random);
            int delayed = random.nextInt(STEPS);
            boolean onTheWayIn = random.nextBoolean();
            long delay = 10_000 + random.nextLong(1_000_000);

            JsonNode usual = steps(before, after);
            (onTheWayIn ? before : after)[delayed] += delay;
            JsonNode steps = steps(before, after);

            for (int i = 0; i < STEPS; i++) {
                long self = steps.get(i).path("selfMicros").asLong(-1);
                assertThat(self).isEqualTo(before[i] + after[i]);
                assertThat(self - usual.get(i).path("selfMicros").asLong(-1)).isEqualTo(i == delayed ? delay : 0);
                if (i != delayed) {
                    assertThat(steps.get(delayed).path("selfMicros").asLong(-1)).isGreaterThan(self);
                }
                long inAll = 0;
                for (int j = i; j < STEPS; j++) {
                    inAll += before[j] + after[j];
                }
                assertThat(steps.get(i).path("totalMicros").asLong(-1)).isEqualTo(inAll);
            }
        }
    }

    /** Less than half of the shortest delay. */
    private static long[] micros(Random random) {
        return random.longs(STEPS, 0, 4_000).toArray();
    }

    private JsonNode steps(long[] before, long[] after) throws Exception {
        Filter[] filters = new Filter[STEPS];
        for (int i = 0; i < STEPS; i++) {
            int step = i;
            filters[i] = (request, next) -> {
                now += before[step] * 1000;
                Response response = next.proceed(request);
                now += after[step] * 1000;
                return response;
            };
        }
        return trace(Body.empty(), filters).path("steps");
    }

    @Test
    void tellsWhatEachStepHasChanged() throws Exception {
        Filter changes = (request, next) -> next.proceed(request.withMethod("POST")
                        .withHeader("x-new", "1")
                        .withHeader("x-both", "2")
                        .withoutHeader("x-old")
                        .withBody(Body.of("twelve bytes")))
                .withStatus(201)
                .withHeader("x-answer", "yes");
        Filter leaves = (request, next) -> next.proceed(request);

        JsonNode steps = trace(Body.of(new ByteArrayInputStream(new byte[7]), 7), changes, leaves)
                .path("steps");

        JsonNode request = steps.get(0).path("request");
        assertThat(request.path("method").asString("")).isEqualTo("POST");
        assertThat(request.path("headers").path("set")).isEqualTo(json("{\"x-both\":\"2\",\"x-new\":\"1\"}"));
        assertThat(request.path("headers").path("removed")).isEqualTo(json("[\"x-old\"]"));
        assertThat(request.path("body")).isEqualTo(json("{\"from\":7,\"to\":12}"));
        assertThat(steps.get(0).path("response"))
                .isEqualTo(json("{\"status\":201,\"headers\":{\"set\":{\"x-answer\":\"yes\"}}}"));
        assertThat(steps.get(1).has("request")).isFalse();
        assertThat(steps.get(1).has("response")).isFalse();
    }

    @Test
    void tellsVerdicts() throws Exception {
        Filter refuses = (request, next) -> new Problem(429, "rate-limited", "Too many")
                .withDetail("of those")
                .toResponse(request);

        JsonNode steps = trace(
                        Body.empty(),
                        (request, next) -> {
                            request.exchange().note("looked", 3);
                            return next.proceed(request);
                        },
                        refuses,
                        (request, next) -> next.proceed(request))
                .path("steps");

        assertThat(steps).hasSize(2);
        assertThat(steps.get(0).path("verdict").asString("")).isEqualTo("passed");
        assertThat(steps.get(0).path("notes")).isEqualTo(json("{\"looked\":3}"));
        assertThat(steps.get(1).path("verdict").asString("")).isEqualTo("answered");
        assertThat(steps.get(1).path("response").path("status").asInt(0)).isEqualTo(429);
        assertThat(steps.get(1).path("problem"))
                .isEqualTo(json("{\"code\":\"rate-limited\",\"title\":\"Too many\",\"detail\":\"of those\"}"));
    }

    @Test
    void tellsWhichStepFailed() {
        Filter fails = (request, next) -> {
            throw new IOException("no more");
        };
        Request request = request(Body.empty());
        record(request);

        assertThatThrownBy(() -> run(request, (asked, next) -> next.proceed(asked), fails))
                .isInstanceOf(IOException.class);

        JsonNode steps = ended(request).path("steps");
        assertThat(steps.get(0).path("verdict").asString("")).isEqualTo("passed");
        assertThat(steps.get(0).path("passedOn").asString("")).isEqualTo("IOException");
        assertThat(steps.get(1).path("verdict").asString("")).isEqualTo("failed");
        assertThat(steps.get(1).path("failure").asString("")).isEqualTo("IOException: no more");
    }

    @Test
    void tellsThatAStepWasSkippedAfterItsFailure() throws Exception {
        Filter fails = (request, next) -> {
            throw new IllegalStateException("broken");
        };

        JsonNode steps = trace(Body.empty(), new SkippingFilter("x", fails)).path("steps");

        assertThat(steps.get(0).path("verdict").asString("")).isEqualTo("skipped");
        assertThat(steps.get(0).path("failure").asString("")).contains("broken");
    }

    @Test
    void tellsEachTryOfAStepThatRetries() throws Exception {
        Filter retry = (request, next) -> {
            next.proceed(request);
            next.proceed(request);
            return next.proceed(request);
        };

        JsonNode steps = trace(Body.empty(), retry, (request, next) -> next.proceed(request))
                .path("steps");

        assertThat(steps).hasSize(4);
        assertThat(steps.get(0).path("nextCalls").asInt(0)).isEqualTo(3);
        assertThat(steps.valueStream().map(step -> step.path("order").asInt(0))).containsExactly(1, 2, 3, 4);
    }

    @Test
    void keepsToItsBoundWhereAStepRetriesForLong() throws Exception {
        Filter retry = (request, next) -> {
            for (int i = 0; i < 999; i++) {
                next.proceed(request);
            }
            return next.proceed(request);
        };

        JsonNode trace = trace(Body.empty(), retry, (request, next) -> next.proceed(request));

        assertThat(trace.path("steps").size()).isLessThanOrEqualTo(300);
        assertThat(trace.path("steps").size() + trace.path("stepsLeftOut").asInt(0))
                .isEqualTo(1001);
    }

    @Test
    void tellsThatAConditionDidNotHold() throws Exception {
        Request request = request(Body.empty());
        record(request);
        StepNode step = new StepNode(
                StepNodeTest.name("x"),
                (asked, next) -> next.proceed(asked),
                asked -> false,
                0,
                asked -> Response.of(204));

        Node.traced(step).proceed(request);

        assertThat(ended(request).path("steps").get(0).path("verdict").asString(""))
                .isEqualTo("passed-by");
    }

    @Test
    void aChainThatIsRecordedGuardsTheContractToo() {
        Filter twice = (request, next) -> {
            next.proceed(request);
            return next.proceed(request);
        };
        Request request = request(Body.of(new ByteArrayInputStream(new byte[1]), 1));
        record(request);

        assertThatThrownBy(() -> run(request, twice))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot be replayed");
    }

    @Test
    void masksWhatLooksLikeASecret() throws Exception {
        Filter gives = (request, next) -> next.proceed(request.withHeader("x-api-key", "HIDDEN-1"))
                .withHeader("set-cookie", "sid=HIDDEN-2")
                .withHeader("location", "https://a.example/?page=2&access_token=HIDDEN-3#id_token=HIDDEN-4");
        Request request = request(
                Body.empty(),
                Headers.of(
                        "authorization", "Bearer HIDDEN-5",
                        "cookie", "HIDDEN-6",
                        "x-own", "HIDDEN-7",
                        "x-plain", "shown"));
        record(request, "x-own", "mine");
        run(request, (asked, next) -> {
            asked.exchange().note("mine", "HIDDEN-8");
            asked.exchange().note("keyId", "k1");
            return gives.handle(asked, next);
        });

        String trace = ended(request).toString();

        assertThat(trace)
                .doesNotContain("HIDDEN")
                .contains("shown")
                .contains("k1")
                .contains("page=2");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private JsonNode trace(Body body, Filter... filters) throws Exception {
        Request request = request(body);
        record(request);
        run(request, filters);
        return ended(request);
    }

    private void record(Request request, String... masked) {
        tracing.configure(new TraceConfig(List.of(masked), new Percent(100), 5));
        LiveExchange exchange = (LiveExchange) request.exchange();
        Recording recording = tracing.begin(
                request,
                null,
                Generations.masking(List.of(masked)),
                exchange.generation().number());
        exchange.record(java.util.Objects.requireNonNull(recording));
    }

    private static void run(Request request, Filter... filters) throws Exception {
        Next next = asked -> Response.of(204);
        for (int i = filters.length - 1; i >= 0; i--) {
            next = new StepNode(StepNodeTest.name("step" + i), filters[i], null, i, next);
        }
        Node.traced(next).proceed(request);
    }

    private JsonNode ended(Request request) {
        ((LiveExchange) request.exchange()).complete(200, Outcome.COMPLETED, null);
        Trace trace = tracing.newestFirst(TraceFilter.ALL).getFirst();
        return json(trace.json());
    }

    private static Request request(Body body) {
        return request(body, Headers.of("x-old", "1", "x-both", "1"));
    }

    private static Request request(Body body, Headers headers) {
        Request request = StepNodeTest.request(body, STEPS);
        return request.withHeaders(headers);
    }
}
