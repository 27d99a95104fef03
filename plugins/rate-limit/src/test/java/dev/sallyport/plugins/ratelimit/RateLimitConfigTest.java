package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RateLimitConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : RateLimitConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "algorithm",
                        "token-bucket",
                        "cost",
                        "1",
                        "localShare",
                        "100%",
                        "store",
                        "memory",
                        "whenAway",
                        "local"));
        assertThat(Arrays.stream(RateLimitConfig.class.getRecordComponents()).map(RecordComponent::getName))
                .containsExactly(
                        "limit",
                        "by",
                        "burst",
                        "algorithm",
                        "also",
                        "quota",
                        "tiers",
                        "tierBy",
                        "cost",
                        "costHeader",
                        "delay",
                        "store",
                        "lease",
                        "whenAway",
                        "localShare",
                        "hideFields",
                        "legacyFields");
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        refused("burst", Limits.of("5/s").burst(3).algorithm(Algorithm.FIXED_WINDOW));
        refused("limit", Limits.of("10001/s").algorithm(Algorithm.SLIDING_LOG));
        refused("limit", Limits.of("5/367d").algorithm(Algorithm.FIXED_WINDOW));
        refused(
                "tiers.gold.limit",
                Limits.of("5/s").algorithm(Algorithm.SLIDING_LOG).tier("gold", "10001/s"));
        refused("cost", Limits.of("5/s").cost(6));
        refused("delay", Limits.of("5/s").delay("PT1S").algorithm(Algorithm.FIXED_WINDOW));
        refused("delay", Limits.of("5/s").delay("PT1S").lease(10).store("shared"));
        refused("lease", Limits.of("5/s").lease(10));
        refused("tierBy", Limits.of("5/s").tierBy("consumer"));
    }

    @Test
    void refusesForConcurrentWhatCountsWhatPasses() {
        refused("also", Limits.of("5/s").algorithm(Algorithm.CONCURRENT).also("1/s"));
        refused("quota", Limits.of("5/s").algorithm(Algorithm.CONCURRENT).quota(1L, null, "UTC"));
        refused("cost", Limits.of("5/s").algorithm(Algorithm.CONCURRENT).cost(2));
        refused("costHeader", Limits.of("5/s").algorithm(Algorithm.CONCURRENT).costHeader("x"));
        refused(
                "lease",
                Limits.of("5/s").algorithm(Algorithm.CONCURRENT).lease(10).store("shared"));
    }

    @Test
    void refusesQuotasThatAreNone() {
        refused("day", Limits.of("5/s"), limits -> limits.quota(null, null, "UTC"));
        refused("timeZone", Limits.of("5/s"), limits -> limits.quota(1L, null, "Europe/Nowhere"));
    }

    private static void refused(String key, Limits limits) {
        refused(key, limits, same -> same);
    }

    private static void refused(String key, Limits limits, java.util.function.UnaryOperator<Limits> more) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> more.apply(limits).build())
                .returns(key, ConfigException::key);
    }
}
