package dev.sallyport.plugins.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Rate;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RateLimitConfigTest {

    @Test
    void holdsAsManyTokensAsTheLimitsAmountWhereNoBurstIsGiven() {
        RateLimitConfig config =
                new RateLimitConfig(Rate.parse("20/10m"), null, null, Algorithm.TOKEN_BUCKET, "memory", false);

        assertThat(config.capacity()).isEqualTo(20);
    }

    @Test
    void holdsAsManyTokensAsTheBurst() {
        RateLimitConfig config =
                new RateLimitConfig(Rate.parse("20/10m"), null, 5L, Algorithm.TOKEN_BUCKET, "memory", false);

        assertThat(config.capacity()).isEqualTo(5);
    }

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : RateLimitConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults).isEqualTo(Map.of("algorithm", "token-bucket", "store", "memory"));
        assertThat(Arrays.stream(RateLimitConfig.class.getRecordComponents()).map(RecordComponent::getName))
                .containsExactly("limit", "by", "burst", "algorithm", "store", "hideFields");
    }
}
