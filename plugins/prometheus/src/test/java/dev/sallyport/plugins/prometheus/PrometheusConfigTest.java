package dev.sallyport.plugins.prometheus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.plugins.prometheus.PrometheusConfig.Form;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PrometheusConfigTest {

    static PrometheusConfig config(Form form, int series, int consumers, boolean steps) {
        return new PrometheusConfig(
                form,
                List.of(Duration.ofMillis(10), Duration.ofMillis(100)),
                true,
                steps,
                false,
                consumers,
                series,
                Duration.ofHours(1));
    }

    @Test
    void refusesBoundsThatDoNotRise() {
        for (List<Duration> bounds : List.of(
                List.of(Duration.ZERO, Duration.ofSeconds(1)),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(1)))) {
            assertThatThrownBy(
                            () -> new PrometheusConfig(Form.BOTH, bounds, true, false, true, 0, 1, Duration.ofHours(1)))
                    .hasMessageContaining("(expected: durations that rise, the first above 0)");
        }
    }
}
