package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one circuit in the gateway's own memory, where it outlives the step: after a change of its settings or an
 * upgrade of the plugin the instance that comes goes on where the one that leaves was. The one that comes takes it over, and
 * what the other counts after that, it leaves behind when it is closed. Thread-safe.
 */
final class Kept {

    /** What people have said is kept until they say otherwise, or the gateway ends. */
    private static final Duration LONG = Duration.ofDays(365);

    /** No circuit is open for longer than a day. */
    private static final Duration LONGEST_OPEN = Duration.ofDays(1).plusHours(1);

    /** Where calls count by number, not by time. */
    private static final Duration LINGER = Duration.ofHours(1);

    private static final int ATTEMPTS = 10;

    private final Store memory;
    private final String key;
    private final String left;
    private final Duration window;

    /** Tells instances apart. */
    private final String me = UUID.randomUUID().toString();

    private String text = "";
    private Entry written = new Entry(Standing.CLOSED, Counts.NONE, Instant.EPOCH);
    private boolean taken;
    private boolean superseded;

    /**
     * A circuit, kept.
     *
     * @param counts the calls of the window of a circuit that is closed or forced closed; else none
     * @param since since when it stands so
     */
    record Entry(Standing standing, Counts counts, Instant since) {}

    /**
     * For one circuit.
     *
     * @param memory the store that is always there: it answers at once
     * @param window how long a call counts; null for as long as it is among the last
     */
    Kept(Store memory, String key, @Nullable Duration window) {
        this.memory = memory;
        this.key = key;
        left = key + " left";
        this.window = window == null ? LINGER : window;
    }

    /** What another instance keeps; it goes on with that. Null for nothing. */
    @Nullable
    Entry peek() {
        String found = memory.get(key);
        return found == null ? null : read(found);
    }

    /** Whether this instance has taken over. One that never serves does not. */
    synchronized boolean isTaken() {
        return taken;
    }

    /** What another instance has kept, and now is this one's; null for nothing. */
    synchronized @Nullable Entry take() {
        taken = true;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            String found = memory.get(key);
            Entry entry = found == null ? null : read(found);
            Entry mine = entry == null ? written : entry;
            String next = text(mine);
            if (set(key, found, next, expires(mine))) {
                text = next;
                written = mine;
                return entry;
            }
        }
        superseded = true; // by many who come at the same time: one of them has it
        return null;
    }

    /** Keeps how it is now, unless another instance has taken over. */
    synchronized void write(Entry entry) {
        if (!taken) {
            take();
        }
        if (superseded) {
            return;
        }
        String next = text(entry);
        if (set(key, text, next, expires(entry)) || (memory.get(key) == null && set(key, null, next, expires(entry)))) {
            text = next;
            written = entry;
        } else {
            superseded = true;
        }
    }

    /** Keeps how it is in the end; where another instance has taken over, leaves it what came since. */
    synchronized void close(Entry entry) {
        if (!taken) {
            return;
        }
        write(entry);
        Counts since = entry.counts().minus(written.counts());
        for (int attempt = 0; superseded && since.all() > 0 && attempt < ATTEMPTS; attempt++) {
            String found = memory.get(left);
            Counts others = found == null ? null : Counts.parse(found);
            String next = (others == null ? since : others.plus(since)).toString();
            if (set(left, found, next, window)) {
                return;
            }
        }
    }

    private boolean set(String name, @Nullable String before, String next, Duration expires) {
        return before == null ? memory.putIfAbsent(name, next, expires) : memory.replace(name, before, next, expires);
    }

    /** What another instance has counted since it was taken over, once; null for nothing. */
    @Nullable
    Counts left() {
        String found = memory.get(left);
        boolean mine = found != null && memory.replace(left, found, Counts.NONE.toString(), Duration.ofMillis(1));
        return mine && found != null ? Counts.parse(found) : null;
    }

    private String text(Entry entry) {
        return me + "\n" + entry.standing() + "\n" + entry.counts() + "\n" + entry.since();
    }

    private static @Nullable Entry read(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4) {
            return null;
        }
        Standing standing = Standing.parse(lines[1]);
        Counts counts = Counts.parse(lines[2]);
        return standing == null || counts == null ? null : new Entry(standing, counts, Instant.parse(lines[3]));
    }

    private Duration expires(Entry entry) {
        Standing standing = entry.standing();
        return standing.isClosed() ? window : standing.forced() == null ? LONGEST_OPEN : LONG;
    }
}
