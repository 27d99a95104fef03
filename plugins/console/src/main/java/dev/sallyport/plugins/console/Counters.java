package dev.sallyport.plugins.console;

import dev.sallyport.plugins.console.Key.By;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is counted of exchanges. Things that nothing happens to cost nothing, however many there are. Thread-safe.
 *
 * <p>Bounded: routes, upstreams and targets are as many as the configuration says, and beyond {@value #MOST} of all things no
 * more are told apart; consumers, who may be many more, are told apart up to {@value #MOST_CONSUMERS}; steps, of which each route
 * may have several, up to {@value #MOST_STEPS} by themselves, so that they take nobody else's place.
 */
final class Counters {

    static final String OTHER = "other";

    private static final int MOST = 50_000;
    private static final int MOST_CONSUMERS = 1000;
    private static final int MOST_STEPS = 20_000;
    private static final long STEPS_NANOS = 30_000_000_000L;

    private final Map<Key, Tally> tallies = new ConcurrentHashMap<>();
    private final Map<Key, Tally> steps = new ConcurrentHashMap<>();
    private final Set<String> consumers = ConcurrentHashMap.newKeySet();

    /** What something was counted of since the last taking. */
    private final Queue<Key> busy = new ConcurrentLinkedQueue<>();

    private final AtomicInteger inFlight = new AtomicInteger();

    /** Until when steps are counted, by {@link System#nanoTime}: nobody pays for what nobody looks at. */
    private volatile long stepsUntil = System.nanoTime();

    /** Somebody looks at steps: they are counted from now on, for a while. */
    void lookAtSteps() {
        stepsUntil = System.nanoTime() + STEPS_NANOS;
    }

    /** Whether steps are counted. */
    boolean countsSteps() {
        return stepsUntil - System.nanoTime() > 0;
    }

    void begun() {
        inFlight.getAndIncrement();
    }

    void ended() {
        inFlight.getAndDecrement();
    }

    int inFlight() {
        return Math.max(0, inFlight.get());
    }

    /** Counts one. */
    void count(Key key, boolean error, int bucket) {
        Map<Key, Tally> of = tallies(key);
        Tally tally = of.get(key);
        Key counted = key;
        if (tally == null) {
            int most = isOfStep(key) ? MOST_STEPS : MOST;
            if (of.size() >= most) { // a few more by threads that find it full at once do no harm
                counted = new Key(key.by(), OTHER, key.to().isEmpty() ? "" : OTHER);
            }
            tally = of.computeIfAbsent(counted, first -> new Tally());
        }
        if (tally.add(error, bucket)) {
            busy.add(counted);
        }
    }

    private Map<Key, Tally> tallies(Key key) {
        return isOfStep(key) ? steps : tallies;
    }

    private static boolean isOfStep(Key key) {
        return key.by() == By.STEP || key.by() == By.STEP_ANSWERED;
    }

    /** By whose name a consumer's requests are counted. */
    String consumer(String name) {
        return consumers.contains(name) || (consumers.size() < MOST_CONSUMERS && consumers.add(name)) ? name : OTHER;
    }

    /** What was counted since the last time; of things that nothing happened to, nothing. For one thread. */
    Map<Key, Count> take() {
        Map<Key, Count> taken = new HashMap<>();
        for (int left = busy.size(); left > 0; left--) { // what comes meanwhile is for the next time
            Key key = busy.poll();
            Tally tally = key == null ? null : tallies(key).get(key);
            if (tally != null) {
                Count count = tally.take();
                taken.merge(key, count, (a, b) -> {
                    a.add(b);
                    return a;
                });
            }
        }
        return taken;
    }

    /** Lets go of what the configuration may have lost: what is counted again is there again. For the taking thread. */
    void forget(Set<Key> seenLately) {
        for (Map<Key, Tally> each : List.of(tallies, steps)) {
            each.keySet().removeIf(key -> key.by() != By.ALL && !seenLately.contains(key) && !busy.contains(key));
        }
        consumers.removeIf(name -> !tallies.containsKey(new Key(By.CONSUMER, name)));
    }
}
