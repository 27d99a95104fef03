package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LimitsTest {

    private final Limits limits = new Limits();

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> of(String consumer) {
        return (List<Map<String, Object>>) limits.json(consumer).getOrDefault(consumer, List.of());
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> limitsOf(String consumer) {
        return (List<Map<String, Object>>) of(consumer).getFirst().get("limits");
    }

    @Test
    void readsEachLimitOfAnAnswer() {
        limits.saw(
                "ada",
                "orders",
                200,
                Headers.of(
                        "ratelimit-policy", "\"calls\";q=100;w=1, \"calls-day\";q=1000;w=86400;qu=\"requests\"",
                        "ratelimit", "\"calls\";r=57;t=1, \"calls-day\";r=12;t=3600"),
                5);

        assertThat(limitsOf("ada"))
                .extracting(each -> each.get("limit") + " " + each.get("left") + " of " + each.get("of") + " in "
                        + each.get("seconds"))
                .containsExactly("calls 57 of 100 in 1", "calls-day 12 of 1000 in 86400");
        assertThat(of("ada").getFirst()).containsEntry("route", "orders").containsEntry("at", 5L);
    }

    @Test
    void theLastAnswerCountsAndRefusalsAreSummed() {
        Headers none = Headers.of("ratelimit", "\"calls\";r=0;t=9");
        limits.saw("ada", "orders", 429, none, 1);
        limits.saw("ada", "orders", 429, none, 2);
        limits.saw("ada", "orders", 200, Headers.of("ratelimit", "\"calls\";r=7;t=9"), 3);

        assertThat(of("ada")).hasSize(1);
        assertThat(of("ada").getFirst()).containsEntry("refused", 2L);
        assertThat(limitsOf("ada")).hasSize(1);
        assertThat(limitsOf("ada").getFirst()).containsEntry("left", 7L);
        assertThat(limitsOf("ada").getFirst().get("of")).as("it told no policy").isNull();
    }

    @Test
    void anAnswerThatTellsNothingOrNonsenseHarmsNothing() {
        limits.saw("ada", "a", 200, Headers.of("x", "y"), 1);
        limits.saw("ada", "a", 200, Headers.of("ratelimit", "r=1;\"", "ratelimit-policy", "\"a\";q=\"b"), 1);
        limits.saw("ada", "a", 200, Headers.of("ratelimit", "\"" + "a".repeat(2000) + "\";r=1"), 1);

        assertThat(of("ada"))
                .flatExtracting(each -> (List<?>) each.get("limits"))
                .isEmpty();
    }

    @Test
    void anAnswerThatRefusesCountsOnceForItsRouteHoweverManyLimitsItTells() {
        limits.saw("ada", "orders", 429, Headers.of("ratelimit", "\"calls\";r=0;t=9, \"calls-day\";r=12;t=3600"), 1);

        assertThat(limitsOf("ada"))
                .hasSize(2)
                .allSatisfy(each -> assertThat(each).doesNotContainKey("refused"));
        assertThat(of("ada")).extracting(each -> each.get("refused")).containsExactly(1L);
    }

    @Test
    void keepsABoundedNumberOfConsumersAndRoutes() {
        for (int i = 0; i < 1500; i++) {
            limits.saw("c" + i, "orders", 200, Headers.of("ratelimit", "\"a\";r=1"), i);
            limits.saw("often", "r" + i % 8, 200, Headers.of("ratelimit", "\"a\";r=1"), i);
            limits.saw("often", "s" + i, 200, Headers.of("ratelimit", "\"a\";r=1"), i);
        }

        assertThat(limits.json(null))
                .hasSizeBetween(900, 1000)
                .containsKeys("often", "c1499")
                .doesNotContainKey("c0");
        assertThat(of("often")).hasSize(8);
    }
}
