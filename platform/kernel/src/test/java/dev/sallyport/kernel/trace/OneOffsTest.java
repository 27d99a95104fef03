package dev.sallyport.kernel.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Who gets a request recorded by a header. */
final class OneOffsTest {

    private static final Duration TIME = Duration.ofSeconds(60);

    private Instant now = Instant.parse("2026-05-04T10:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final OneOffs oneOffs = new OneOffs(clock);

    @Test
    void eachIsTakenOnce() {
        OneOffs.Issued issued = oneOffs.issue(TIME);

        assertThat(oneOffs.redeem(issued.value())).isEqualTo(issued.id());
        assertThat(oneOffs.redeem(issued.value())).isNull();
        assertThat(oneOffs.isAnyOpen()).isFalse();
    }

    @Test
    void noneIsTakenTooLate() {
        OneOffs.Issued issued = oneOffs.issue(TIME);

        now = now.plus(TIME);

        assertThat(oneOffs.redeem(issued.value())).isNull();
        assertThat(oneOffs.isAnyOpen()).isFalse();
    }

    @Test
    void noneIsTakenThatWasNotIssuedHere() {
        OneOffs.Issued issued = oneOffs.issue(TIME);
        OneOffs.Issued ofAnother = new OneOffs(clock).issue(TIME);
        String value = issued.value();

        assertThat(oneOffs.redeem(ofAnother.value())).isNull();
        for (int i = 0; i < value.length(); i++) {
            String forged = value.substring(0, i) + (value.charAt(i) == 'A' ? 'B' : 'A') + value.substring(i + 1);
            assertThat(oneOffs.redeem(forged)).as(forged).isNull();
        }
        for (String nonsense : new String[] {"", ".", "..", "a.b.c", "x".repeat(9_000), "é.ü"}) {
            assertThat(oneOffs.redeem(nonsense)).isNull();
        }
        assertThat(oneOffs.redeem(value)).isEqualTo(issued.id());
    }

    @Test
    void onlySoManyAreOpenAtOnce() {
        for (int i = 0; i < 1_000; i++) {
            oneOffs.issue(TIME);
        }

        assertThatThrownBy(() -> oneOffs.issue(TIME)).isInstanceOf(IllegalStateException.class);

        now = now.plus(TIME);
        assertThat(oneOffs.issue(TIME).id()).isNotEmpty();
    }
}
