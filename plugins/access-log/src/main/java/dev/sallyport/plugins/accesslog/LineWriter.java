package dev.sallyport.plugins.accesslog;

import dev.sallyport.plugins.accesslog.Counts.Reason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines on a thread of its own, so that whoever has a line never waits for a disk or a pipe. It is shared by all
 * steps that write to one destination.
 *
 * <ol>
 *   <li>Lines go out whole and in the order in which they came; many at once where many have come.
 *   <li>What waits takes a bounded amount of memory: where the destination is too slow, further lines are dropped,
 *       counted, and the count is logged.
 *   <li>{@link #close} writes what waits, but waits no longer than {@link #PATIENCE} for a destination that is stuck.
 * </ol>
 *
 * <p>The thread is a platform thread: a write that blocks would hold the carrier of a virtual one.
 */
final class LineWriter implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How many characters are written at once: where that fails, no more than these are lost. */
    static final int MOST_AT_ONCE = 64 << 10;

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);
    private static final Duration MOST_STUCK = Duration.ofSeconds(30);

    private final Output output;
    private final String name;
    private final Logger logger;
    private final Duration patience;
    private final Duration betweenReports;
    private final Duration mostStuck;
    private final Thread thread;

    private final Object lock = new Object();
    private Batch waiting = new Batch();
    private @Nullable Batch beingWritten;
    private int firstUnwritten;
    private long unwritten;
    private long progressAt;
    private long dropped;
    private boolean telling;
    private boolean closed;
    private boolean givenUp;

    private long reportedAt;
    private @Nullable IOException failure;

    LineWriter(Output output, String name, Logger logger) {
        this(output, name, logger, PATIENCE);
    }

    LineWriter(Output output, String name, Logger logger, Duration patience) {
        this(output, name, logger, patience, BETWEEN_REPORTS, MOST_STUCK);
    }

    /**
     * A writer with other times.
     *
     * @param patience how long closing waits
     * @param betweenReports how seldom drops are told of
     * @param mostStuck after which time without progress a write is abandoned, where lines are dropped
     */
    LineWriter(
            Output output, String name, Logger logger, Duration patience, Duration betweenReports, Duration mostStuck) {
        this.betweenReports = betweenReports;
        this.mostStuck = mostStuck;
        reportedAt = System.nanoTime() - betweenReports.toNanos();
        this.output = output;
        this.name = name;
        this.logger = logger;
        this.patience = patience;
        thread = Thread.ofPlatform()
                .name("access-log " + name)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this::run);
        thread.start();
    }

    /**
     * Takes a line, without its end; drops it where too much waits.
     *
     * @param mostWaiting how many characters may wait
     */
    void write(String line, int mostWaiting, Counts counts) {
        boolean takes;
        boolean late;
        synchronized (lock) {
            late = closed;
            takes = !late && waiting() + line.length() <= mostWaiting;
            if (takes) {
                waiting.add(line, counts);
                lock.notifyAll();
            } else {
                dropped++;
            }
        }
        if (!takes) {
            counts.dropped(late ? Reason.CLOSED : Reason.FULL);
            tell();
        }
    }

    /** The writing thread is stuck, perhaps, and so may be where reports go: another thread tells of it. */
    private void tell() {
        synchronized (lock) {
            if (closed || telling || !isDue()) {
                return;
            }
            telling = true;
            Thread.ofPlatform()
                    .name("access-log report " + name)
                    .daemon()
                    .inheritInheritableThreadLocals(false)
                    .start(this::told);
        }
    }

    private void told() {
        boolean stuck;
        synchronized (lock) {
            stuck = beingWritten != null && System.nanoTime() - progressAt > mostStuck.toNanos();
        }
        try {
            report(false);
            if (stuck) {
                output.abandon();
            }
        } finally {
            synchronized (lock) {
                telling = false;
            }
        }
    }

    private boolean isDue() {
        return System.nanoTime() - reportedAt >= betweenReports.toNanos();
    }

    /** How many lines were dropped and not reported yet. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /** How many characters wait, or are being written. */
    long waiting() {
        synchronized (lock) {
            return waiting.characters() + unwritten;
        }
    }

    /** The thread that writes. */
    Thread thread() {
        return thread;
    }

    private void run() {
        try {
            for (Batch batch = next(); !batch.lines().isEmpty(); batch = next()) {
                for (int from = 0; from < batch.lines().size(); ) {
                    int end = batch.end(from, MOST_AT_ONCE);
                    written(write(batch.lines().subList(from, end)), batch, from, end);
                    from = end;
                }
                wasWritten();
                report(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing has waited long enough
        }
    }

    /** What waits, once something does; empty when there is nothing more to come. */
    private Batch next() throws InterruptedException {
        synchronized (lock) {
            while (waiting.lines().isEmpty() && !closed) {
                lock.wait();
            }
            Batch batch = waiting;
            waiting = new Batch();
            beingWritten = batch;
            firstUnwritten = 0;
            unwritten = batch.characters();
            progressAt = System.nanoTime();
            return batch;
        }
    }

    private void wasWritten() {
        synchronized (lock) {
            beingWritten = null;
            unwritten = 0;
        }
    }

    private @Nullable IOException write(List<String> lines) {
        try {
            output.write(lines);
            return null;
        } catch (IOException e) {
            return e;
        } catch (RuntimeException e) {
            return new IOException(e); // the thread goes on
        }
    }

    private void written(@Nullable IOException result, Batch batch, int from, int end) throws InterruptedException {
        synchronized (lock) {
            if (givenUp) {
                throw new InterruptedException(); // counted as dropped already
            }
            firstUnwritten = end;
            unwritten -= batch.characters(from, end);
            progressAt = System.nanoTime();
            if (result != null) {
                dropped += end - from;
                failure = result;
            }
        }
        for (Counts owner : batch.owners().subList(from, end)) {
            if (result == null) {
                owner.written();
            } else {
                owner.dropped(Reason.FAILED);
            }
        }
    }

    private void report(boolean now) {
        long lost;
        IOException reason;
        synchronized (lock) {
            if (dropped == 0 || !(now || isDue())) {
                return;
            }
            lost = dropped;
            reason = failure;
            dropped = 0;
            failure = null;
            reportedAt = System.nanoTime();
        }
        logger.log(
                Level.WARNING,
                "access log to " + name + ": " + lost + " lines dropped, "
                        + (reason == null ? "since it is written more slowly than they come" : "since " + reason));
    }

    @Override
    public void close() throws IOException {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        if (!ends()) {
            giveUp();
        }
        report(true);
        output.close();
    }

    private void giveUp() {
        List<Counts> lost = new ArrayList<>();
        synchronized (lock) {
            givenUp = true;
            if (beingWritten != null) {
                lost.addAll(beingWritten
                        .owners()
                        .subList(firstUnwritten, beingWritten.owners().size()));
            }
            lost.addAll(waiting.owners());
            dropped += lost.size();
            unwritten = 0;
            waiting = new Batch();
        }
        lost.forEach(owner -> owner.dropped(Reason.CLOSED));
        thread.interrupt();
    }

    private boolean ends() {
        try {
            return thread.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
