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

    private final Output output;
    private final String name;
    private final Logger logger;
    private final Duration patience;
    private final Thread thread;

    private final Object lock = new Object();
    private Batch waiting = new Batch();
    private @Nullable Batch beingWritten;
    private int firstUnwritten;
    private long dropped;
    private boolean closed;
    private boolean givenUp;

    private long reportedAt = System.nanoTime() - BETWEEN_REPORTS.toNanos();
    private @Nullable IOException failure;

    /** Lines, and whose they are. */
    private static final class Batch {
        private final List<String> lines = new ArrayList<>();
        private final List<Counts> owners = new ArrayList<>();
        private int characters;

        private void add(String line, Counts owner) {
            lines.add(line);
            owners.add(owner);
            characters += line.length();
        }

        /** Where a part that begins there ends. */
        private int end(int from) {
            int end = from;
            for (int size = 0; end < lines.size() && (end == from || size < MOST_AT_ONCE); end++) {
                size += lines.get(end).length();
            }
            return end;
        }
    }

    LineWriter(Output output, String name, Logger logger) {
        this(output, name, logger, PATIENCE);
    }

    LineWriter(Output output, String name, Logger logger, Duration patience) {
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
            takes = !late && waiting.characters + line.length() <= mostWaiting;
            if (takes) {
                waiting.add(line, counts);
                lock.notifyAll();
            } else {
                dropped++;
            }
        }
        if (!takes) {
            counts.dropped(late ? Reason.CLOSED : Reason.FULL);
        }
    }

    /** How many lines were dropped and not reported yet. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /** How many characters wait. */
    long waiting() {
        synchronized (lock) {
            return waiting.characters;
        }
    }

    /** The thread that writes. */
    Thread thread() {
        return thread;
    }

    private void run() {
        try {
            for (Batch batch = next(); !batch.lines.isEmpty(); batch = next()) {
                for (int from = 0; from < batch.lines.size(); ) {
                    int end = batch.end(from);
                    written(write(batch.lines.subList(from, end)), batch, from, end);
                    from = end;
                }
                report(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing has waited long enough
        }
    }

    /** What waits, once something does; empty when there is nothing more to come. */
    private Batch next() throws InterruptedException {
        synchronized (lock) {
            while (waiting.lines.isEmpty() && !closed) {
                lock.wait();
            }
            Batch batch = waiting;
            waiting = new Batch();
            beingWritten = batch;
            firstUnwritten = 0;
            return batch;
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
            if (result != null) {
                dropped += end - from;
                failure = result;
            }
        }
        for (Counts owner : batch.owners.subList(from, end)) {
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
            boolean due = now || System.nanoTime() - reportedAt >= BETWEEN_REPORTS.toNanos();
            if (dropped == 0 || !due) {
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
                lost.addAll(beingWritten.owners.subList(firstUnwritten, beingWritten.owners.size()));
            }
            lost.addAll(waiting.owners);
            dropped += lost.size();
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
