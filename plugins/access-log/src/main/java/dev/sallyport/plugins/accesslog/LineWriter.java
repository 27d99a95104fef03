package dev.sallyport.plugins.accesslog;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
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

    /** How many characters may wait. */
    static final int MOST_WAITING = 4 << 20;

    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

    private final Output output;
    private final String name;
    private final Logger logger;
    private final Duration patience;
    private final Thread thread;

    private final Object lock = new Object();
    private List<String> waiting = new ArrayList<>();
    private int waitingCharacters;
    private int beingWritten;
    private long dropped;
    private boolean closed;
    private boolean givenUp;

    private long reportedAt = System.nanoTime() - BETWEEN_REPORTS.toNanos();
    private @Nullable IOException failure;

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

    /** Takes a line, without its end; drops it where too much waits. */
    void write(String line) {
        synchronized (lock) {
            if (closed || waitingCharacters + line.length() > MOST_WAITING) {
                dropped++;
            } else {
                waiting.add(line);
                waitingCharacters += line.length();
                lock.notifyAll();
            }
        }
    }

    /** How many lines were dropped and not reported yet. */
    long dropped() {
        synchronized (lock) {
            return dropped;
        }
    }

    /** The thread that writes. */
    Thread thread() {
        return thread;
    }

    private void run() {
        try {
            for (List<String> lines = next(); !lines.isEmpty(); lines = next()) {
                written(write(lines), lines.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing has waited long enough
        }
    }

    /** What waits, once something does; empty when there is nothing more to come. */
    private List<String> next() throws InterruptedException {
        synchronized (lock) {
            while (waiting.isEmpty() && !closed) {
                lock.wait();
            }
            List<String> lines = waiting;
            waiting = new ArrayList<>();
            waitingCharacters = 0;
            beingWritten = lines.size();
            return lines;
        }
    }

    private @Nullable IOException write(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        try {
            output.write(text.toString().getBytes(StandardCharsets.UTF_8));
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void written(@Nullable IOException result, int lines) {
        synchronized (lock) {
            beingWritten = 0;
            if (givenUp) {
                return; // counted as dropped already
            }
            if (result != null) {
                dropped += lines;
                failure = result;
            }
        }
        report(false);
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
        synchronized (lock) {
            givenUp = true;
            dropped += waiting.size() + beingWritten;
            waiting = new ArrayList<>();
        }
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
