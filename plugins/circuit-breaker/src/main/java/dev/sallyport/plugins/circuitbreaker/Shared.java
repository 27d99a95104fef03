package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the circuits of one step stand in all gateways that share a store: one text for the step, of those that are not closed.
 * What changes here is written at once, what changes elsewhere is found by asking every {@link #EVERY}; both on threads of
 * their own, so that no request waits for the store. While it is away each gateway goes on alone, and writes what has changed
 * when it is back. Thread-safe.
 */
final class Shared {

    static final Duration EVERY = Duration.ofMillis(500);

    private static final Duration EXPIRES = Duration.ofDays(7);
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final int ATTEMPTS = 20;

    private final Store store;
    private final String key;
    private final Clock clock;
    private final Executor threads;
    private final Function<String, @Nullable Standing> own;
    private final Elsewhere elsewhere;

    /** The names of circuits that have changed here. */
    private final Set<String> changed = ConcurrentHashMap.newKeySet();

    /** What was in the store when it was read or written last: the others' part of it has been heard of. */
    private volatile Map<String, Standing> known = Map.of();

    private volatile boolean met;

    private Instant refreshed = Instant.MIN;

    /** Hears of what has changed in other gateways. */
    @FunctionalInterface
    interface Elsewhere {
        void changed(String name, Standing to);
    }

    /**
     * For one step.
     *
     * @param threads runs what waits for the store
     * @param own how a circuit stands here; null where there is none of that name
     */
    Shared(
            Store store,
            String key,
            Clock clock,
            Executor threads,
            Function<String, @Nullable Standing> own,
            Elsewhere elsewhere) {
        this.store = store;
        this.key = key;
        this.clock = clock;
        this.threads = threads;
        this.own = own;
        this.elsewhere = elsewhere;
    }

    /** How it stands in the store, as far as known; null where nothing is known. */
    @Nullable
    Standing find(String name) {
        return met ? known.getOrDefault(name, Standing.CLOSED) : null;
    }

    /** A circuit has changed here. */
    void changed(String name) {
        changed.add(name);
        try {
            threads.execute(this::meet);
        } catch (RejectedExecutionException closed) {
            // the instance that comes goes on from what is kept here
        }
    }

    /** Writes what has changed here, and hears what has changed elsewhere; with a store that is away, the next time. */
    synchronized void meet() {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (tryToMeet()) {
                    return;
                }
            }
        } catch (StoreUnavailableException away) {
            // alone, until it is back
        }
    }

    private boolean tryToMeet() {
        Set<String> mine = new HashSet<>(changed);
        changed.removeAll(mine); // what changes from here on is for the next time
        boolean done = false;
        try {
            done = meet(mine);
            return done;
        } finally {
            if (!done) {
                changed.addAll(mine);
            }
        }
    }

    private boolean meet(Set<String> mine) {
        String found = store.get(key);
        // A store that has lost all is told anew what was in it.
        Map<String, Standing> standings = new TreeMap<>(found == null ? known : read(found));
        for (String name : mine) {
            Standing standing = own.apply(name);
            if (standing == null || standing.isClosed()) {
                standings.remove(name);
            } else {
                standings.put(name, standing);
            }
        }
        if (!write(found, standings)) {
            return false;
        }
        Map<String, Standing> before = known;
        known = Map.copyOf(standings);
        met = true;
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(standings.keySet());
        names.removeAll(mine);
        for (String name : names) {
            Standing now = standings.getOrDefault(name, Standing.CLOSED);
            if (!now.equals(before.getOrDefault(name, Standing.CLOSED)) && !changed.contains(name)) {
                elsewhere.changed(name, now);
            }
        }
        return true;
    }

    /** Writes what is not there already, and once in a while also that, so that it does not end by its time. */
    private boolean write(@Nullable String found, Map<String, Standing> standings) {
        Instant now = clock.instant();
        standings.values().removeIf(standing -> isOver(standing, now));
        String next = text(standings);
        if (found == null) {
            return standings.isEmpty() || done(now, store.putIfAbsent(key, next, EXPIRES));
        }
        boolean due = now.isAfter(refreshed.plus(REFRESH));
        return (found.equals(next) && !due) || done(now, store.replace(key, found, next, EXPIRES));
    }

    private boolean done(Instant now, boolean written) {
        refreshed = written ? now : refreshed;
        return written;
    }

    /** Nobody has tried it for long: there are no calls, or no such target any more. */
    private static boolean isOver(Standing standing, Instant now) {
        return standing.forced() == null && now.isAfter(standing.openUntil().plus(REFRESH));
    }

    private static String text(Map<String, Standing> standings) {
        StringBuilder text = new StringBuilder();
        standings.forEach((name, standing) ->
                text.append(name).append('\t').append(standing).append('\n'));
        return text.toString();
    }

    private static Map<String, Standing> read(String text) {
        Map<String, Standing> standings = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            int tab = line.indexOf('\t');
            Standing standing = tab < 0 ? null : Standing.parse(line.substring(tab + 1));
            if (standing != null) {
                standings.put(line.substring(0, tab), standing);
            }
        }
        return standings;
    }
}
