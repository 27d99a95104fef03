package dev.sallyport.kernel.script;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads that run JavaScript. Thread-safe.
 *
 * <ol>
 *   <li>Scripts take turns: one that is called a thousand times at once does not hold up the others behind all of them.
 *   <li>Where a segment was cut off and does not end, since it is inside one of the engine's own functions, a further thread
 *       takes the place of its thread, and its script is not run any more until it has ended.
 * </ol>
 */
final class Workers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("javascript");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** How many threads may be lost at once, for each one that there is to be. */
    private static final int MOST_STUCK = 4;

    private final int wanted;
    private final ThreadFactory factory;
    private final List<Thread> threads = new ArrayList<>();
    /** What waits, by the script's digest; of the scripts that have something, the one whose turn it is comes first. */
    private final Map<String, Queue<Segment>> waiting = new HashMap<>();

    private final Queue<String> turns = new ArrayDeque<>();
    private final Map<String, Integer> stuck = new HashMap<>();
    private int running;
    private boolean closed;

    Workers(int wanted, ThreadFactory factory) {
        this.wanted = wanted;
        this.factory = factory;
    }

    /** Has a thread run it, in its script's turn. */
    synchronized void run(Segment segment) {
        if (closed) {
            throw new IllegalStateException("scripts: the service is closed");
        }
        String script = segment.script().digest();
        Queue<Segment> own = waiting.computeIfAbsent(script, digest -> new ArrayDeque<>());
        if (own.isEmpty()) {
            turns.add(script);
        }
        own.add(segment);
        if (running < wanted + lost()) {
            begin();
        }
        notify();
    }

    private void begin() {
        running++;
        Thread thread = factory.newThread(this::work);
        threads.add(thread);
        thread.start();
    }

    private void work() {
        try {
            for (Segment segment = next(); segment != null; segment = next()) {
                segment.run();
            }
        } catch (InterruptedException e) {
            synchronized (this) {
                running--;
            }
        } finally {
            synchronized (this) {
                threads.remove(Thread.currentThread());
            }
        }
    }

    /** Null where this thread is to end; it counts no more then, so that no other one ends for the same reason. */
    private synchronized @Nullable Segment next() throws InterruptedException {
        while (true) {
            if (closed || running > wanted + lost()) {
                running--;
                return null;
            }
            String script = turns.poll();
            if (script == null) {
                wait();
                continue;
            }
            Queue<Segment> own = waiting.getOrDefault(script, new ArrayDeque<>());
            Segment segment = own.poll();
            if (own.isEmpty()) {
                waiting.remove(script);
            } else {
                turns.add(script);
            }
            if (segment != null) {
                return segment;
            }
        }
    }

    /** Says that a thread does not come back for now. */
    synchronized void stuck(Script script, StackTraceElement where) {
        stuck.merge(script.digest(), 1, Integer::sum);
        LOG.log(
                System.Logger.Level.ERROR,
                "{0}: was cut off and does not end, inside {1}.{2}; it is not run until it does",
                script.name(),
                where.getClassName(),
                where.getMethodName());
        if (!turns.isEmpty() && running < wanted + lost()) {
            begin();
        }
    }

    /** Says that it has come back. */
    synchronized void freed(Script script) {
        stuck.computeIfPresent(script.digest(), (digest, count) -> count == 1 ? null : count - 1);
        LOG.log(System.Logger.Level.INFO, "{0}: has ended at last", script.name());
        notifyAll();
    }

    /** Whether a thread is lost in that script. */
    synchronized boolean isStuck(Script script) {
        return stuck.containsKey(script.digest());
    }

    private int lost() {
        int all = 0;
        for (int count : stuck.values()) {
            all += count;
        }
        return Math.min(all, MOST_STUCK * wanted);
    }

    /** Ends the threads, once what they run has ended; one that is lost ends with the process. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            closed = true;
            notifyAll();
            ending = List.copyOf(threads);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        for (Thread thread : ending) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
