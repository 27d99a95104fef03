package dev.sallyport.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it. It starts at {@link #START} and is in UTC. Thread-safe.
 *
 * {@snippet :
 * clock.advance(Duration.ofSeconds(30));
 * }
 */
public final class ManualClock extends Clock {

    /** Where every manual clock starts: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    /** A clock at {@link #START}. */
    public ManualClock() {
        this(new AtomicReference<>(START), ZoneOffset.UTC);
    }

    private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Moves the clock on.
     *
     * @param time by how much; may be negative, as the time of a machine may
     */
    public void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    /** Sets the clock. */
    public void set(Instant instant) {
        now.set(instant);
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same clock, moved together with this one, in another zone. */
    @Override
    public Clock withZone(ZoneId newZone) {
        return new ManualClock(now, newZone);
    }
}
