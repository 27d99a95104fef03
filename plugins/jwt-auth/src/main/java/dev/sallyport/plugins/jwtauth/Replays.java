package dev.sallyport.plugins.jwtauth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The proofs that were taken, so that none is taken twice (RFC 9449 §11.1). Thread-safe. Each is remembered for as long as
 * it could be sent again; beyond the bound the oldest are forgotten earlier, and the log says so.
 */
final class Replays {

    private final long span;
    private final int most;
    private final Clock clock;
    private final Logger log;
    private final String name;

    // Two sets that take turns: forgetting needs no look at single entries.
    private Set<Digest> newer = new HashSet<>();
    private Set<Digest> older = new HashSet<>();
    private long newerSince;

    /** @param span for how long after it was first seen a proof would be accepted */
    Replays(Duration span, int most, Clock clock, Logger log, String name) {
        this.span = span.toMillis();
        this.most = most;
        this.clock = clock;
        this.log = log;
        this.name = name;
        this.newerSince = clock.millis();
    }

    /** Remembers a proof; false where it was there. */
    synchronized boolean isFirst(Digest proof) {
        long age = clock.millis() - newerSince;
        if (age > span || newer.size() >= most / 2) {
            if (age <= span) {
                log.log(
                        Level.WARNING,
                        "{0}: more than {1} proofs within {2} ms, the oldest are forgotten",
                        name,
                        most,
                        span);
            }
            older = age > 2 * span ? new HashSet<>() : newer;
            newer = new HashSet<>();
            newerSince = clock.millis();
        }
        return !older.contains(proof) && newer.add(proof);
    }
}
