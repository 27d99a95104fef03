package dev.sallyport.plugins.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RetryConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : RetryConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "-" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(Map.ofEntries(
                        Map.entry("attempts", "3"),
                        Map.entry("methods", "[GET, HEAD, OPTIONS, PUT, DELETE, TRACE]"),
                        Map.entry("failures", "[connect, reset, timeout]"),
                        Map.entry("statuses", "[502, 503, 504]"),
                        Map.entry("tryTimeout", "-"),
                        Map.entry("backoff", "25ms"),
                        Map.entry("maxBackoff", "250ms"),
                        Map.entry("maxRetryAfter", "2s"),
                        Map.entry("budget", "20%"),
                        Map.entry("reserve", "50"),
                        Map.entry("maxBody", "64KiB")));
    }

    @Test
    void refusesWhatCannotWork() {
        assertRefused("statuses", Configs.usual().statuses(200));
        assertRefused("methods", Configs.usual().methods("get"));
        assertRefused("failures", Configs.usual().statuses().failures());
        assertRefused("maxBackoff", Configs.usual().backoff(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertRefused("maxBody", Configs.usual().maxBody((64 << 20) + 1));
    }

    private static void assertRefused(String key, Configs settings) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(settings::get)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
