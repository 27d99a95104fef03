package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Percent;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CircuitBreakerConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : CircuitBreakerConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "-" : value.value());
        }

        assertThat(defaults.remove("store")).isEqualTo("memory");
        assertThat(defaults)
                .isEqualTo(Map.of(
                        "failureRate", "50%",
                        "slowRate", "-",
                        "slowAfter", "-",
                        "window", "100",
                        "minimumCalls", "-",
                        "openFor", "30s",
                        "halfOpenCalls", "5",
                        "per", "-",
                        "statuses", "[500, 502, 503, 504]",
                        "failures", "[connect, reset, timeout, protocol, unavailable]"));
    }

    @ParameterizedTest
    @CsvSource({"100,20", "10,10", "20,20", "30s,20", "5s,20"})
    void judgesFromTwentyCallsOrASmallerWindowOn(String window, int enough) {
        assertThat(config(window, null, null, null, List.of()).enoughCalls()).isEqualTo(enough);
    }

    @Test
    void judgesFromAsManyCallsAsIsSaid() {
        assertThat(config("100", 7, null, null, List.of()).enoughCalls()).isEqualTo(7);
    }

    @Test
    void opensAtHalfOfTheCallsBeingSlow() {
        CircuitBreakerConfig config = config("100", null, null, Duration.ofSeconds(1), List.of());

        assertThat(config.slowShare()).isEqualTo(new Percent(50));
    }

    @Test
    void refusesMoreCallsThanTheWindowHas() {
        assertRefused("minimumCalls", () -> config("10", 11, null, null, List.of()));
    }

    @Test
    void refusesAShareOfSlowCallsWhereNoneIsSlow() {
        assertRefused("slowRate", () -> config("10", null, "30%", null, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 399, 600})
    void refusesAStatusThatIsNoError(int status) {
        assertRefused("statuses", () -> config("10", null, null, null, List.of(503, status)));
    }

    @ParameterizedTest
    @CsvSource({"50%,50%", "100%,100%", "0.5%,0.5%", "12.50%,12.5%"})
    void readsAPercentage(String text, String shown) {
        assertThat(Percent.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "50", "0%", "101%", "-1%", "50 %", "50.%", "0.5", "NaN%"})
    void refusesWhatIsNoPercentage(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Percent.parse(text))
                .withMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({"100,100", "1,1", "30s,30s", "5m,300s"})
    void readsAWindow(String text, String shown) {
        assertThat(Window.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "-1", "500ms", "1.5s", "1h", "100001", "3601s", "61m", "9999999", "s"})
    void refusesWhatIsNoWindow(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Window.parse(text))
                .withMessageContaining("(expected: ");
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(making::run)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }

    private static CircuitBreakerConfig config(
            String window,
            @Nullable Integer minimumCalls,
            @Nullable String slowRate,
            @Nullable Duration slowAfter,
            List<Integer> statuses) {
        return new CircuitBreakerConfig(
                Percent.parse("50%"),
                slowRate == null ? null : Percent.parse(slowRate),
                slowAfter,
                Window.parse(window),
                minimumCalls,
                Duration.ofSeconds(30),
                5,
                null,
                statuses,
                EnumSet.allOf(Failure.class),
                "memory");
    }
}
