package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketsTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.11, 0.9, 1, 1.3, 7, 42, 99.9, 1000, 12_345, 59_000})
    void areExactToAnEighth(double millis) {
        double shown = Buckets.millis(Buckets.of((long) (millis * 1e6)));

        assertThat(shown).isCloseTo(millis, Percentage.withPercentage(12.5));
    }

    @Test
    void rise() {
        int last = 0;
        for (long nanos = 0; nanos < 200_000_000_000L; nanos = nanos * 11 / 10 + 1000) {
            int bucket = Buckets.of(nanos);
            assertThat(bucket).isBetween(last, Buckets.COUNT - 1);
            last = bucket;
        }
        assertThat(last).isEqualTo(Buckets.COUNT - 1);
    }

    @Test
    void givePercentiles() {
        int[] counts = new int[Buckets.COUNT];
        counts[Buckets.of(1_000_000)] = 98;
        counts[Buckets.of(100_000_000)] = 2;

        assertThat(Buckets.percentile(counts, 100, 0.5)).isCloseTo(1, within(0.13f));
        assertThat(Buckets.percentile(counts, 100, 0.95)).isCloseTo(1, within(0.13f));
        assertThat(Buckets.percentile(counts, 100, 0.99)).isCloseTo(100, within(13f));
        assertThat(Buckets.percentile(new int[Buckets.COUNT], 0, 0.99)).isZero();
    }
}
