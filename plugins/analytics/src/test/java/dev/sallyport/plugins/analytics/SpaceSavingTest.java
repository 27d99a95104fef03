package dev.sallyport.plugins.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SpaceSavingTest {

    @Test
    void theMostFrequentAreInItAmongAHundredThousandOthers() {
        SpaceSaving top = new SpaceSaving(100);
        Map<String, Long> exact = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            String value = i % 2 == 0 ? "often-" + random.nextInt(10) : "seldom-" + random.nextInt(100_000);
            top.add(value);
            exact.merge(value, 1L, Long::sum);
        }

        List<SpaceSaving.Entry> entries = top.entries();

        assertThat(entries).hasSize(100);
        assertThat(entries.subList(0, 10)).allMatch(entry -> entry.value().startsWith("often-"));
        assertThat(entries).allSatisfy(entry -> {
            long is = exact.get(entry.value());
            assertThat(is).isBetween(entry.count() - entry.over(), entry.count());
        });
    }

    @Test
    void sumsOfTwoKeepTheMostFrequentOfBoth() {
        SpaceSaving one = new SpaceSaving(3);
        SpaceSaving other = new SpaceSaving(3);
        List.of("a", "a", "a", "b", "b", "c").forEach(one::add);
        List.of("b", "b", "d", "d", "d", "d", "e").forEach(other::add);

        one.add(other.entries());

        assertThat(one.entries())
                .extracting(SpaceSaving.Entry::value, SpaceSaving.Entry::count)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("b", 4L),
                        org.assertj.core.api.Assertions.tuple("d", 4L),
                        org.assertj.core.api.Assertions.tuple("a", 3L));
    }
}
