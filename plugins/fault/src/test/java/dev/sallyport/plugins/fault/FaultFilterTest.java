package dev.sallyport.plugins.fault;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultFilterTest {

    private final FakeContext context =
            FakeContext.builder().key("fault/orders/fault").build();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void abortsWithAnAnswerThatLooksLikeTheUpstreams() throws Exception {
        FakeNext next = FakeNext.ok();
        FakeExchange exchange = FakeExchange.create();

        Response response = create(Configs.aborting("100%"))
                .handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.problem()).isNull();
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:fault-injected");
        assertThat(next.calls()).isZero();
        assertThat(exchange.notes()).containsEntry("abort", 503);
    }

    @ParameterizedTest
    @CsvSource({"CONNECT,CONNECT", "RESET,RESET", "TIMEOUT,RESPONSE_TIMEOUT"})
    void failsAsAnUpstreamDoes(Failure failure, UpstreamException.Kind kind) {
        Filter filter = create(Configs.failing(failure));

        assertThatExceptionOfType(UpstreamException.class)
                .isThrownBy(() -> send(filter))
                .returns(kind, UpstreamException::kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5%", "50%", "99.5%"})
    void meetsTheShare(String share) throws Exception {
        Filter filter = create(Configs.aborting(share));
        int aborted = 0;

        for (int i = 0; i < 10_000; i++) {
            aborted += send(filter).status() == 503 ? 1 : 0;
        }

        assertThat(aborted / 100.0).isCloseTo(Double.parseDouble(share.replace("%", "")), within(2.0));
    }

    @Test
    void meetsTheSameOnesForTheSameSeed() throws Exception {
        assertThat(statuses(create(Configs.aborting("30%")))).isEqualTo(statuses(create(Configs.aborting("30%"))));
    }

    private static List<Integer> statuses(Filter filter) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            statuses.add(send(filter).status());
        }
        return statuses;
    }

    @Test
    void holdsUp() throws Exception {
        FakeExchange exchange = FakeExchange.create();
        FakeNext next = FakeNext.ok();

        create(Configs.delaying(Duration.ofMillis(20)))
                .handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(exchange.notes()).containsEntry("delay", 20L);
        assertThat(next.calls()).isEqualTo(1);
    }

    @Test
    void aMonitoredStepHoldsNobodyUp() throws Exception {
        FakeExchange exchange = FakeExchange.create();
        try (FakeContext monitored = FakeContext.builder().monitored().build()) {
            Filter filter = monitored.create(new FaultFactory(), Configs.delaying(Duration.ofDays(1)));

            filter.handle(Requests.get("/").exchange(exchange).build(), FakeNext.ok()); // a day early
        }

        assertThat(exchange.notes()).containsKey("delay");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,yes,503", "yes,yes,503", "yes,no,200"})
    void touchesOnlyRequestsThatAskForIt(String wanted, String sent, int status) throws Exception {
        Filter filter = create(Configs.only("x-fault", wanted));
        FakeNext next = FakeNext.ok();

        Response response =
                filter.handle(Requests.get("/").header("x-fault", sent).build(), next);

        assertThat(response.status()).isEqualTo(status);
        assertThat(next.requests())
                .allSatisfy(passed -> assertThat(passed.header("x-fault")).isNull());
        assertThat(send(filter).status()).as("one without the header").isEqualTo(200);
    }

    @Test
    void endsByItself() throws Exception {
        Filter filter = create(Configs.aborting("100%"));
        context.clock().advance(Duration.ofDays(1));

        assertThat(send(filter).status()).isEqualTo(200);
        assertThat(filter.explain(request()).text()).isEqualTo("it is off");
    }

    @Test
    void isSwitchedOffByACommand() throws Exception {
        Filter filter = create(Configs.aborting("100%"));
        send(filter);

        filter.commands().getFirst().action().run(null);
        int off = send(filter).status();

        assertThat(off).isEqualTo(200);
        assertThat(filter.state().toString()).isEqualTo("{on=false, until=2026-01-02T00:00:00Z, delayed=0, aborted=1}");
    }

    @Test
    void saysSoInTheLogAndCounts() throws Exception {
        Filter filter = create(Configs.aborting("100%"));
        send(filter);

        assertThat(context.log())
                .containsExactly(
                        "WARNING fault/orders/fault: injects faults into all requests, until 2026-01-02T00:00:00Z");
        assertThat(context.metrics())
                .satisfiesExactly(metric -> OpenTelemetryAssertions.assertThat(metric)
                        .hasName("sallyport.fault.injected")
                        .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(
                                point -> point.hasValue(1).hasAttribute(stringKey("fault"), "abort"))));
    }

    @Test
    void explainsThatADrawDecides() throws Exception {
        assertThat(create(Configs.aborting("1%")).explain(request()))
                .isEqualTo(new Explanation.Unknown("a draw decides whether it is held up or fails"));
    }

    private Filter create(FaultConfig config) {
        return context.create(new FaultFactory(), config);
    }

    private static Request request() {
        return Requests.get("/").build();
    }

    private static Response send(Filter filter) throws Exception {
        return filter.handle(request(), FakeNext.ok());
    }
}
