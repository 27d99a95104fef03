package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteFilterTest {

    private static final Next OK = request -> Response.of(200);
    private static final Next BROKEN = request -> {
        throw new UpstreamException(UpstreamException.Kind.RESET, "reset", null);
    };

    private final FakeContext context = FakeContext.builder()
            .route("orders")
            .key("circuit-breaker/orders/cb")
            .build();
    private FakeExchange exchange = newExchange();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void metricsHaveTheState() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);

        assertThat(context.metrics())
                .anySatisfy(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.circuit_breaker.state")
                        .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(point -> point.hasValue(2)
                                .hasAttributesSatisfying(attributes ->
                                        assertThat(attributes.isEmpty()).isTrue()))));
    }

    @Test
    void explainsTheStateOfTheCircuit() throws Exception {
        Filter filter = create(Configs.usual());
        Request request = Requests.get("/").build();
        Explanation closed = filter.explain(request);
        open(filter);
        Explanation open = filter.explain(request);
        context.clock().advance(Duration.ofSeconds(31));
        Explanation over = filter.explain(request);

        assertThat(closed).isEqualTo(new Explanation.Passes(request, "the circuit is closed"));
        assertThat(open).isEqualTo(new Explanation.Answers(503, "the circuit is open for another 30000 ms"));
        assertThat(over).isEqualTo(new Explanation.Unknown("the circuit is open, and would be tried"));
        assertThat(send(filter, OK).status())
                .as("a try that explaining has left")
                .isEqualTo(200);
    }

    @Test
    void answers503WhenTheCircuitIsOpen() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);
        context.clock().advance(Duration.ofMillis(500));
        FakeNext next = FakeNext.ok();

        Response response = send(filter, next);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("30");
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:circuit-open")
                .contains("Try again in 30 s.");
        assertThat(next.calls()).isZero();
        assertThat(exchange.notes()).containsEntry("circuit", "open");
    }

    @Test
    void staysClosedWhileTooFewCallsHaveFailed() throws Exception {
        Filter filter = create(Configs.usual());
        times(3, filter, OK);
        times(1, filter, BROKEN);

        assertThat(send(filter, OK).status()).isEqualTo(200);
        assertThat(exchange.notes()).doesNotContainKey("circuit");
    }

    @Test
    void staysClosedUntilThereAreEnoughCallsToJudge() throws Exception {
        Filter filter = create(Configs.usual());
        times(3, filter, BROKEN);

        assertThat(send(filter, OK).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void countsTheseStatusesAsFailures(int status) throws Exception {
        Filter filter = create(Configs.usual());

        times(4, filter, request -> Response.of(status));

        assertThat(isOpen(filter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 304, 404, 429, 501})
    void countsOtherStatusesAsSuccesses(int status) throws Exception {
        Filter filter = create(Configs.usual());

        times(4, filter, request -> Response.of(status));

        assertThat(isOpen(filter)).isFalse();
    }

    @Test
    void countsNothingThatSaysNothingAboutTheUpstream() throws Exception {
        Filter filter = create(Configs.usual());

        times(8, filter, request -> {
            throw new ClientGoneException("gone");
        });
        times(8, filter, request -> {
            throw new IllegalStateException("a step failed");
        });
        times(8, filter, request -> new Problem(503, "quota", "Later").toResponse(request));

        assertThat(isOpen(filter)).isFalse();
    }

    @Test
    void countsACallThatIsStillWaitingWhenTheTimeIsUp() throws Exception {
        Filter filter = create(Configs.usual());

        times(4, filter, request -> {
            throw new InterruptedException();
        });

        assertThat(isOpen(filter)).isTrue();
    }

    @Test
    void closesWhenTheCallsThatTryItSucceed() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);
        context.clock().advance(Duration.ofSeconds(30).plusNanos(1));

        Response first = send(filter, OK);
        Object noted = exchange.notes().get("circuit");
        Response second = send(filter, OK);
        Response third = send(filter, OK);

        assertThat(noted).isEqualTo("half-open");
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(third.status()).isEqualTo(200);
        assertThat(exchange.notes()).isEmpty();
        assertThat(context.log())
                .containsExactly(
                        "WARNING circuit-breaker/orders/cb: circuit open, was closed",
                        "INFO circuit-breaker/orders/cb: circuit half-open, was open",
                        "INFO circuit-breaker/orders/cb: circuit closed, was half-open");
    }

    @Test
    void opensAgainWhenACallThatTriesItFails() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);
        context.clock().advance(Duration.ofSeconds(31));

        times(2, filter, BROKEN);
        context.clock().advance(Duration.ofSeconds(10));
        Response response = send(filter, OK);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("20");
    }

    @Test
    void letsNoMoreCallsTryItThanIsSaid() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);
        context.clock().advance(Duration.ofSeconds(31));

        Response third = send(filter, first -> send(filter, second -> send(filter, OK)));

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.header("retry-after")).isEqualTo("1");
    }

    @Test
    void givesThePlaceOfACallWithoutVerdictToAnother() throws Exception {
        Filter filter = create(Configs.usual());
        open(filter);
        context.clock().advance(Duration.ofSeconds(31));

        times(10, filter, request -> {
            throw new ClientGoneException("gone");
        });
        times(2, filter, OK);

        assertThat(isOpen(filter)).isFalse();
        assertThat(context.log()).last().asString().contains("circuit closed, was half-open");
    }

    @Test
    void doesNotLetACallFromBeforeDecideWhetherItCloses() throws Exception {
        Filter filter = create(Configs.usual());
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Next slow = request -> {
                begun.countDown();
                finish.await();
                return Response.of(200);
            };
            Future<Response> one =
                    threads.submit(() -> filter.handle(Requests.get("/").build(), slow));
            Future<Response> two =
                    threads.submit(() -> filter.handle(Requests.get("/").build(), slow));
            begun.await();
            open(filter);
            context.clock().advance(Duration.ofSeconds(31));
            times(1, filter, OK);

            finish.countDown();
            one.get();
            two.get();
        }

        send(filter, OK);
        assertThat(exchange.notes()).containsEntry("circuit", "half-open");
    }

    @Test
    void opensWhenTooManyCallsAreSlow() throws Exception {
        Filter filter = create(Configs.slowAfter(Duration.ofSeconds(2)));
        Next slow = request -> {
            context.clock().advance(Duration.ofMillis(2_001));
            return Response.of(200);
        };

        times(2, filter, OK);
        times(2, filter, slow);

        assertThat(isOpen(filter)).isTrue();
    }

    @Test
    void takesNoCallForSlowWhereNothingIsSaid() throws Exception {
        Filter filter = create(Configs.usual());

        times(4, filter, request -> {
            context.clock().advance(Duration.ofHours(10));
            return Response.of(200);
        });

        assertThat(isOpen(filter)).isFalse();
    }

    @Test
    void forgetsCallsThatAreOlderThanTheWindow() throws Exception {
        Filter filter = create(Configs.window("10s", 4));
        times(3, filter, BROKEN);
        context.clock().advance(Duration.ofSeconds(11));

        times(1, filter, BROKEN);
        boolean early = isOpen(filter);
        times(3, filter, BROKEN);

        assertThat(early).isFalse();
        assertThat(isOpen(filter)).isTrue();
    }

    @Test
    void passesTheFailureOn() {
        Filter filter = create(Configs.usual());

        assertThatThrownBy(() -> send(filter, BROKEN)).isInstanceOf(UpstreamException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Per.class,
            names = {"TARGET", "UPSTREAM"})
    void refusesABreakerForWhatIsNotChosenYet(Per per) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> create(Configs.per(per)))
                .returns("per", ConfigException::key);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT,CONNECT",
        "CONNECT_TIMEOUT,CONNECT",
        "RESET,RESET",
        "RESPONSE_TIMEOUT,TIMEOUT",
        "PROTOCOL,PROTOCOL",
        "NO_TARGET,UNAVAILABLE"
    })
    void countsOnlyTheFailuresThatAreAskedFor(UpstreamException.Kind kind, Failure failure) throws Exception {
        Next failing = request -> {
            throw new UpstreamException(kind, "failed", null);
        };
        Filter counting = create(Configs.failures(EnumSet.of(failure)));
        times(4, counting, failing);
        assertThat(isOpen(counting)).isTrue();

        try (FakeContext another = context.sibling("orders", "others")) {
            Filter others = another.create(
                    new CircuitBreakerFactory(), Configs.failures(EnumSet.complementOf(EnumSet.of(failure))));
            times(4, others, failing);
            assertThat(isOpen(others)).isFalse();
        }
    }

    private Filter create(CircuitBreakerConfig config) {
        return context.create(new CircuitBreakerFactory(), config);
    }

    private Response send(Filter filter, Next next) throws Exception {
        FakeExchange own = newExchange();
        exchange = own;
        Response response = filter.handle(Requests.get("/").exchange(own).build(), next);
        exchange = own;
        return response;
    }

    private void times(int times, Filter filter, Next next) {
        for (int i = 0; i < times; i++) {
            try {
                send(filter, next);
            } catch (Exception counted) {
                assertThat(counted).isNotNull();
            }
        }
    }

    private void open(Filter filter) {
        times(4, filter, BROKEN);
    }

    private boolean isOpen(Filter filter) throws Exception {
        return send(filter, OK).status() == 503;
    }

    private FakeExchange newExchange() {
        return FakeExchange.builder().clock(context.clock()).build();
    }
}
