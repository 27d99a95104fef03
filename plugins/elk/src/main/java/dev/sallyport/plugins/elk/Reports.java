package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a pipeline says in the gateway's log: that something began, that it ended, and in between seldom. For one thread. */
final class Reports {

    private static final long BETWEEN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long REMIND_NANOS = Duration.ofMinutes(5).toNanos();

    private final Logger logger;
    private final Tally tally;
    private @Nullable Trouble told;
    private long toldAt;
    private long droppedTold;
    private long rejectedTold;
    private @Nullable String rejection;
    private long countsToldAt = System.nanoTime() - BETWEEN_NANOS;
    private long diskToldAt = System.nanoTime() - BETWEEN_NANOS;

    Reports(Logger logger, Tally tally) {
        this.logger = logger;
        this.tally = tally;
    }

    void rejected(Outcome.Rejection rejected) {
        rejection = rejected.reason();
    }

    /** Tells what is new. */
    void tell(@Nullable Trouble now) {
        trouble(now);
        if (System.nanoTime() - countsToldAt >= BETWEEN_NANOS) {
            counts();
        }
    }

    /** Tells all, as nothing more will follow. */
    void last(@Nullable Trouble now) {
        trouble(now);
        counts();
    }

    private void trouble(@Nullable Trouble now) {
        Trouble before = told;
        if (now == null && before != null) {
            logger.log(Level.INFO, "elk: records arrive again");
        } else if (now != null
                && (before == null || before.kind() != now.kind() || System.nanoTime() - toldAt >= REMIND_NANOS)) {
            logger.log(Level.WARNING, "elk: records do not arrive and wait on disk: " + now.reason());
            toldAt = System.nanoTime();
        }
        told = now;
    }

    private void counts() {
        long dropped = tally.dropped();
        long rejected = tally.rejected.sum();
        if (dropped > droppedTold) {
            logger.log(
                    Level.WARNING,
                    "elk: " + (dropped - droppedTold) + " records dropped: no room for them, or damage on disk");
            countsToldAt = System.nanoTime();
        }
        if (rejected > rejectedTold) {
            logger.log(
                    Level.WARNING,
                    "elk: " + (rejected - rejectedTold) + " records refused for ever, the last one: " + rejection);
            countsToldAt = System.nanoTime();
        }
        droppedTold = dropped;
        rejectedTold = rejected;
    }

    /** A fault of this plugin's own. */
    void failed(Throwable e) {
        if (System.nanoTime() - diskToldAt >= BETWEEN_NANOS) {
            logger.log(Level.WARNING, "elk: records do not arrive and wait on disk: " + e, e);
            diskToldAt = System.nanoTime();
        }
    }

    void disk(IOException e) {
        if (System.nanoTime() - diskToldAt >= BETWEEN_NANOS) {
            logger.log(Level.WARNING, "elk: the spool: " + e);
            diskToldAt = System.nanoTime();
        }
    }
}
