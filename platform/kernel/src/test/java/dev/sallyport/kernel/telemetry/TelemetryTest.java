package dev.sallyport.kernel.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.telemetry.StepMeter.Step;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TelemetryTest {

    private static final AttributeKey<String> NAME = AttributeKey.stringKey("some.name");

    private final Telemetry telemetry = new Telemetry();

    @AfterEach
    void stop() {
        telemetry.close();
    }

    private StepMeter step(@Nullable String route, String step, String version) {
        return telemetry.lend(new Step(route, step, "sample", version), Callable::call);
    }

    @Test
    void eachKindIsWrittenAsPrometheusReadsIt() {
        telemetry
                .meter()
                .counterBuilder("sallyport.some.thing")
                .setDescription("Things.")
                .build()
                .add(3);
        telemetry.meter().gaugeBuilder("sallyport.heat").build().set(0.5);
        telemetry
                .meter()
                .upDownCounterBuilder("sallyport.open")
                .setUnit("By")
                .build()
                .add(-2);
        var times = telemetry
                .meter()
                .histogramBuilder("sallyport.took")
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(List.of(0.1, 1.0))
                .build();
        times.record(0.1);
        times.record(0.25);
        times.record(7);

        String text = telemetry.text();

        assertThat(text).isEqualTo("""
            # TYPE sallyport_heat gauge
            sallyport_heat 0.5
            # TYPE sallyport_open_bytes gauge
            sallyport_open_bytes -2.0
            # HELP sallyport_some_thing_total Things.
            # TYPE sallyport_some_thing_total counter
            sallyport_some_thing_total 3.0
            # TYPE sallyport_took_seconds histogram
            sallyport_took_seconds_bucket{le="0.1"} 1
            sallyport_took_seconds_bucket{le="1.0"} 2
            sallyport_took_seconds_bucket{le="+Inf"} 3
            sallyport_took_seconds_count 3
            sallyport_took_seconds_sum 7.35
            """);
    }

    @Test
    void valuesOfAttributesAreEscaped() {
        telemetry.meter().counterBuilder("sallyport.x").build().add(1, Attributes.of(NAME, "a\"b\\c\nd"));

        assertThat(telemetry.text()).contains("sallyport_x_total{some_name=\"a\\\"b\\\\c\\nd\"} 1.0\n");
    }

    @Test
    void stepsOfTwoRoutesThatRegisterTheSameAreTwoSeries() {
        step("a", "s", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.x")
                .build()
                .add(1);
        step("b", "s", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.x")
                .build()
                .add(2);

        assertThat(telemetry.text())
                .contains("# TYPE sallyport_sample_x_total counter\n"
                        + "sallyport_sample_x_total{route=\"a\",step=\"s\",version=\"1.0.0\"} 1.0\n"
                        + "sallyport_sample_x_total{route=\"b\",step=\"s\",version=\"1.0.0\"} 2.0\n");
    }

    @Test
    void stepThatSharesItsStateHasNoRoute() {
        step(null, "all", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.x")
                .build()
                .add(1);

        assertThat(telemetry.text()).contains("sallyport_sample_x_total{step=\"all\",version=\"1.0.0\"} 1.0\n");
    }

    @Test
    void attributesOfTheGatewayStandInPlaceOfTheStepsOwn() {
        step("a", "s", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.x")
                .build()
                .add(1, Attributes.of(AttributeKey.stringKey("route"), "other"));

        assertThat(telemetry.text()).contains("{route=\"a\",step=\"s\",version=\"1.0.0\"} 1.0\n");
    }

    @Test
    void newerMakingOfAStepIsShownUntilItIsClosed() {
        StepMeter old = step("a", "s", "1.0.0");
        old.meter().gaugeBuilder("sallyport.sample.x").buildWithCallback(now -> now.record(1));
        StepMeter fresh = step("a", "s", "1.0.0");
        fresh.meter().gaugeBuilder("sallyport.sample.x").buildWithCallback(now -> now.record(2));

        String both = telemetry.text();
        fresh.close();
        String first = telemetry.text();
        old.close();

        assertThat(both).contains("} 2.0\n").doesNotContain("} 1.0\n");
        assertThat(first).contains("} 1.0\n").doesNotContain("} 2.0\n");
        assertThat(telemetry.text()).isEmpty();
    }

    @Test
    void makingsOfOneStepAreCountedTogetherAndTheSumNeverFalls() {
        StepMeter old = step("a", "s", "1.0.0");
        StepMeter fresh = step("a", "s", "1.0.0");
        count(old, 5);
        count(fresh, 2);

        String both = telemetry.text();
        old.close();
        String rest = telemetry.text();
        StepMeter last = step("a", "s", "1.0.0");
        count(last, 1);
        fresh.close();
        String again = telemetry.text();
        last.close();

        assertThat(both).contains("} 7.0\n").contains("_count{route=\"a\",step=\"s\",version=\"1.0.0\"} 2\n");
        assertThat(rest).isEqualTo(both);
        assertThat(again).contains("} 8.0\n").contains("_count{route=\"a\",step=\"s\",version=\"1.0.0\"} 3\n");
        assertThat(telemetry.text()).isEmpty();
        count(step("a", "s", "1.0.0"), 1);
        assertThat(telemetry.text()).contains("} 1.0\n");
    }

    private static void count(StepMeter meter, int times) {
        meter.meter().counterBuilder("sallyport.sample.x").build().add(times);
        meter.meter().histogramBuilder("sallyport.sample.y").build().record(times);
    }

    @Test
    void twoVersionsOfAStepAreShownBesideEachOther() {
        step("a", "s", "1.0.0").meter().gaugeBuilder("sallyport.sample.x").buildWithCallback(now -> now.record(1));
        step("a", "s", "1.1.0").meter().gaugeBuilder("sallyport.sample.x").buildWithCallback(now -> now.record(2));

        assertThat(telemetry.text()).contains("version=\"1.0.0\"} 1.0\n").contains("version=\"1.1.0\"} 2.0\n");
    }

    @Test
    void closedStepCanGoOnCountingForNobody() {
        StepMeter meter = step("a", "s", "1.0.0");
        LongCounter kept = meter.meter().counterBuilder("sallyport.sample.x").build();

        meter.close();
        kept.add(1);
        meter.meter().counterBuilder("sallyport.sample.y").build().add(1);

        assertThat(telemetry.text()).isEmpty();
    }

    @Test
    void callbackThatFailsHarmsNoOtherMetric() {
        var meter = step("a", "s", "1.0.0").meter();
        meter.gaugeBuilder("sallyport.sample.x").buildWithCallback(now -> {
            throw new IllegalStateException("on purpose");
        });
        meter.counterBuilder("sallyport.sample.y").build().add(1);

        assertThat(telemetry.text()).contains("sallyport_sample_y_total").doesNotContain("sallyport_sample_x");
    }

    @Test
    void stepThatDoesNotAnswerIsNotAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        telemetry
                .lend(new Step("a", "s", "sample", "1.0.0"), reading -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("it took too long");
                })
                .meter();
        step("b", "s", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.y")
                .build()
                .add(1);

        telemetry.text();
        String second = telemetry.text();

        assertThat(asked).hasValue(1);
        assertThat(second).contains("sallyport_sample_y_total");
    }

    @Test
    void ofTwoKindsUnderOneNameTheFirstIsShown() {
        telemetry.meter().counterBuilder("sallyport.x").build().add(1);
        step("a", "s", "1.0.0")
                .meter()
                .histogramBuilder("sallyport.x.total")
                .build()
                .record(1);
        step("a", "s", "1.0.0").meter().gaugeBuilder("sallyport.x").build().set(5);

        assertThat(telemetry.text()).isEqualTo("# TYPE sallyport_x_total counter\nsallyport_x_total 1.0\n");
    }

    @Test
    void seriesOfAStepAreBounded() {
        LongCounter counter = step("a", "s", "1.0.0")
                .meter()
                .counterBuilder("sallyport.sample.x")
                .build();

        IntStream.range(0, 10_000).forEach(i -> counter.add(1, Attributes.of(NAME, "n" + i)));

        assertThat(telemetry.text().lines().filter(line -> line.startsWith("sallyport_sample_x")))
                .hasSize(2_000);
    }

    @Test
    void exchangesAreCountedByRouteAndClassOfStatus() {
        ExchangeTimes times = new ExchangeTimes(telemetry.meter());

        times.record("orders", 200, 2_000_000);
        times.record("orders", 204, 3_000_000);
        times.record("orders", 503, 3_000_000);
        times.record(null, 404, 20_000_000_000L);

        assertThat(telemetry.text())
                .contains("sallyport_exchange_duration_seconds_count{route=\"orders\",status=\"2xx\"} 2\n")
                .contains(
                        "sallyport_exchange_duration_seconds_bucket{route=\"orders\",status=\"2xx\",le=\"0.0025\"} 1\n")
                .contains("sallyport_exchange_duration_seconds_count{route=\"orders\",status=\"5xx\"} 1\n")
                .contains("sallyport_exchange_duration_seconds_sum{route=\"none\",status=\"4xx\"} 20.0\n");
    }
}
