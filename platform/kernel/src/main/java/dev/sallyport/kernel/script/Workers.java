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
 *   <li>Scripts share their time: the one that has run for the shortest time goes first, so that neither one that is called
 *       a thousand times at once nor one that takes long holds up the others.
 *   <li>Where segments hold all threads for long, a further thread runs the scripts that have none; the operating system
 *       shares the processors among them.
 *   <li>Where a segment was cut off and does not end, since it is inside one of the engine's own functions, a further thread
 *       takes the place of its thread, and its script is not run any more until it has ended.
 * </ol>
 */
final class Workers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("javascript");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** After which a segment holds its thread for long. */
    private static final long LONG = Duration.ofMillis(10).toNanos();
    /** How far a script may fall behind the others for what it has used. */
    private static final long MOST_BEHIND = Duration.ofSeconds(1).toNanos();
    /** How many threads there may be besides, for each one that there is to be. */
    private static final int MOST_BESIDES = 4;

    private final int wanted;
    private final ThreadFactory factory;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Segment> running = new ArrayList<>();
    /** By the digest of the script: of each that runs, waits, or has had more than its share. */
    private final Map<String, Turn> turns = new HashMap<>();

    private final Map<String, Integer> stuck = new HashMap<>();
    /** What the script had used that went last: what one that comes begins with, so that rest earns it nothing. */
    private long level;

    private int alive;
    private boolean closed;

    /** One script's place among the others. */
    private static final class Turn {

        private final Queue<Segment> waiting = new ArrayDeque<>();
        private long usedNanos;
        private int underWay;
    }

    Workers(int wanted, ThreadFactory factory) {
        this.wanted = wanted;
        this.factory = factory;
    }

    /** Has a thread run it, in its script's turn. */
    synchronized void run(Segment segment) {
        if (closed) {
            throw new IllegalStateException("scripts: the service is closed");
        }
        Turn turn = turns.get(segment.script().digest());
        if (turn == null) {
            turns.values().removeIf(one -> one.waiting.isEmpty() && one.underWay == 0 && one.usedNanos <= level);
            turn = new Turn();
            turns.put(segment.script().digest(), turn);
        }
        if (turn.waiting.isEmpty() && turn.underWay == 0) {
            turn.usedNanos = Math.max(turn.usedNanos, level);
        }
        turn.waiting.add(segment);
        if (alive < wanted + lost()) {
            begin();
        }
        notify();
    }

    /** Looks whether scripts wait behind others that take long; to be called every few milliseconds while anything runs. */
    synchronized void relieve() {
        boolean allRun = running.size() >= Math.max(alive, wanted + lost()); // else one that begins or rests takes it
        if (!closed && allRun && alive < most() && next(System.nanoTime()) != null) {
            begin();
        }
    }

    private void begin() {
        Thread thread = factory.newThread(this::work);
        thread.start(); // may fail; its first step waits for this monitor
        alive++;
        threads.add(thread);
    }

    private void work() {
        try {
            for (Segment segment = take(); segment != null; segment = take()) {
                segment.run();
                ended(segment);
            }
        } catch (InterruptedException e) {
            synchronized (this) {
                alive--;
            }
        } finally {
            synchronized (this) {
                threads.remove(Thread.currentThread());
            }
        }
    }

    /** Null where this thread is to end; it counts no more then, so that no other one ends for the same reason. */
    private synchronized @Nullable Segment take() throws InterruptedException {
        while (!closed) {
            long now = System.nanoTime();
            Turn turn = next(now);
            Segment segment = turn == null ? null : turn.waiting.poll();
            if (turn != null && segment != null) {
                level = Math.max(level, turn.usedNanos);
                turn.underWay++;
                segment.taken(now);
                running.add(segment);
                return segment;
            }
            if (alive > wanted + lost()) {
                break;
            }
            wait();
        }
        alive--;
        return null;
    }

    /**
     * The script that has run for the shortest time, of those that wait; null for none. While there are more threads than
     * are wanted, what has one for long already does not get another.
     */
    private @Nullable Turn next(long now) {
        boolean besides = alive >= wanted + lost() && running.size() >= wanted + lost();
        Turn best = null;
        long least = 0;
        for (Map.Entry<String, Turn> each : turns.entrySet()) {
            Turn turn = each.getValue();
            if (turn.waiting.isEmpty()) {
                continue;
            }
            long used = turn.usedNanos;
            boolean lasting = false;
            if (turn.underWay > 0) {
                for (Segment segment : running) {
                    if (segment.script().digest().equals(each.getKey())) {
                        used += now - segment.takenAt();
                        lasting |= now - segment.takenAt() > LONG;
                    }
                }
            }
            if ((best == null || used < least) && !(besides && lasting)) {
                best = turn;
                least = used;
            }
        }
        return besides && !isHeldForLong(now) ? null : best;
    }

    /** Whether so many segments take long that no thread is left which will be free soon. */
    private boolean isHeldForLong(long now) {
        int lasting = 0;
        for (Segment segment : running) {
            if (now - segment.takenAt() > LONG) {
                lasting++;
            }
        }
        return lasting >= wanted + lost();
    }

    private synchronized void ended(Segment segment) {
        running.remove(segment);
        Turn turn = turns.get(segment.script().digest());
        if (turn != null) {
            turn.underWay--;
            long spent = System.nanoTime() - segment.takenAt();
            // One that was stuck for a minute need not make up for all of it.
            turn.usedNanos = Math.min(turn.usedNanos + spent, level + MOST_BEHIND);
        }
    }

    /** Says that a thread does not come back for now. */
    synchronized void stuck(Script script, StackTraceElement where) {
        count(script, 1);
        LOG.log(
                System.Logger.Level.ERROR,
                "{0}: was cut off and does not end, inside {1}.{2}; it is not run until it does",
                script.name(),
                where.getClassName(),
                where.getMethodName());
        if (alive < wanted + lost() && next(System.nanoTime()) != null) {
            begin();
        }
    }

    /** Says that it has come back. */
    synchronized void freed(Script script) {
        count(script, -1);
        LOG.log(System.Logger.Level.INFO, "{0}: has ended at last", script.name());
        notifyAll();
    }

    /** The thread that has come back may be counted before the watchdog has said that it does not. */
    private void count(Script script, int more) {
        stuck.merge(script.digest(), more, (was, by) -> was + by == 0 ? null : was + by);
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
        return Math.min(all, MOST_BESIDES * wanted);
    }

    private int most() {
        return wanted + MOST_BESIDES * wanted;
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
