package dev.sallyport.kernel.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.trace.Trace;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of the kept requests are run before the one that is looked at, and in which order. */
final class TraceReplayTest {

    private static final Instant THEN = Instant.parse("2026-05-04T10:00:00Z");

    private static Trace trace(String id, int seconds) {
        return new Trace(id, THEN.plusSeconds(seconds), null, null, null, 200, "no JSON: what is left out is not read");
    }

    private static List<String> before(Trace chosen, Trace... newestFirst) {
        return TraceReplay.before(List.of(newestFirst), chosen).stream()
                .map(Trace::id)
                .toList();
    }

    @Test
    void thoseThatBeganBeforeItWhenTheyEndedDoesNotMatter() {
        Trace chosen = trace("chosen", 5);

        assertThat(before(chosen, trace("long", 1), trace("later", 6), chosen, trace("short", 6), trace("first", 0)))
                .containsExactly("first", "long");
    }

    @Test
    void ofTheSameMomentThoseThatWereKeptBeforeIt() {
        Trace chosen = trace("chosen", 5);

        assertThat(before(chosen, trace("d", 5), trace("c", 5), chosen, trace("b", 5), trace("a", 5)))
                .containsExactly("a", "b");
    }
}
