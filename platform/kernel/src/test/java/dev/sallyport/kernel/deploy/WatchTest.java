package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.kernel.recent.RecentExchanges.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WatchTest {

    private static final Instant START = Instant.parse("2026-11-26T06:00:00Z");
    private static final WatchRule RULE = WatchRule.of("2m", "5%", "2x");
    private static final long MILLI = 1_000_000;

    private static List<Ended> before(int count, int failed, long millis) {
        List<Ended> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Ended(1, "a", i < failed ? 500 : 200, millis * MILLI));
        }
        return all;
    }

    private static Watch watch(List<Ended> sample) {
        return new Watch(2, 1, RULE, Set.of("a"), sample, START);
    }

    private static void ended(Watch watch, int count, int status, long millis) {
        for (int i = 0; i < count; i++) {
            watch.ended(new Ended(2, "a", status, millis * MILLI));
        }
    }

    @Test
    void moreErrorsThanBeforeAndTheBoundAreWorse() {
        Watch watch = watch(before(100, 10, 5));
        ended(watch, 85, 200, 5);
        ended(watch, 15, 503, 5);
        assertThat(watch.judge(2, START)).isFalse();

        ended(watch, 2, 503, 5);

        assertThat(watch.judge(2, START)).isTrue();
        assertThat(watch.why()).isEqualTo("16.7 % of 102 requests failed, 10.0 % before (bound: 5.0 % more)");
    }

    @Test
    void slowerThanBeforeByTheBoundIsWorse() {
        Watch watch = watch(before(100, 0, 50));
        ended(watch, 98, 200, 50);
        assertThat(watch.judge(2, START)).isFalse();

        ended(watch, 2, 200, 150);

        assertThat(watch.judge(2, START)).isTrue();
        assertThat(watch.why()).startsWith("p99 is 15").contains("ms before (bound: 2.0 times)");
    }

    @Test
    void aFewMillisecondsAreNotWorse() {
        Watch watch = watch(before(100, 0, 1));

        ended(watch, 100, 200, 9);

        assertThat(watch.judge(2, START)).isFalse();
    }

    @Test
    void timesAreNotJudgedWhereNothingIsKnownFromBefore() {
        Watch watch = watch(before(5, 0, 1));

        ended(watch, 100, 200, 900);

        assertThat(watch.judge(2, START)).isFalse();
    }

    @Test
    void otherRoutesAndOtherGenerationsDoNotCount() {
        Watch watch = watch(List.of());
        for (int i = 0; i < 50; i++) {
            watch.ended(new Ended(2, "b", 500, MILLI));
            watch.ended(new Ended(1, "a", 500, MILLI));
            watch.ended(new Ended(2, null, 500, MILLI));
        }

        assertThat(watch.judge(2, START)).isFalse();
        assertThat(watch.now().requests()).isZero();
    }

    @Test
    void itIsKeptAtTheEndAlsoWhereTooFewCame() {
        Watch watch = watch(List.of());
        ended(watch, 19, 500, 1);

        assertThat(watch.judge(2, START.plus(Duration.ofMinutes(2)))).isFalse();

        assertThat(watch.state()).isEqualTo(Watch.State.KEPT);
        assertThat(watch.why()).isEqualTo("19 requests are too few to judge by");
    }

    @Test
    void anotherChangeEndsIt() {
        Watch watch = watch(List.of());

        assertThat(watch.judge(3, START)).isFalse();

        assertThat(watch.state()).isEqualTo(Watch.State.SUPERSEDED);
        assertThat(watch.state()).hasToString("superseded");
    }

    @Test
    void rulesThatAreNotUnderstoodAreRefused() {
        assertThat(WatchRule.of("90s", null, null)).isEqualTo(new WatchRule(Duration.ofSeconds(90), 5, 2));
        assertThatThrownBy(() -> WatchRule.of("2 minutes", null, null)).hasMessageContaining("expected: a time");
        assertThatThrownBy(() -> WatchRule.of("25h", null, null)).hasMessageContaining("from 1s to 24h");
        assertThatThrownBy(() -> WatchRule.of("2m", "5", null)).hasMessageContaining("such as 5%");
        assertThatThrownBy(() -> WatchRule.of("2m", null, "0.5x")).hasMessageContaining("1x or more");
    }
}
