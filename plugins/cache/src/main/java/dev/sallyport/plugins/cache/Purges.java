package dev.sallyport.plugins.cache;

import dev.sallyport.api.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was purged. Purges are numbered in the store: a response that was asked for before one is judged by it whenever it is
 * looked up, so that none is used after its purge has returned, on whatever gateway, also where it was on its way meanwhile.
 * Thread-safe.
 */
final class Purges {

    /** Beyond these, what is older than the oldest one is not used. */
    private static final int MOST = 1_000;

    private static final Duration FOR_EVER = Duration.ofDays(3_000);

    private final Store store;
    private final String key;
    private final LongSupplier millis;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known("", -1, -1, List.of()));

    /** What a purge concerns. */
    enum Kind {
        /** One URL, with scheme and host. */
        URL,
        /** What begins so: with a slash, whatever the host. */
        PREFIX,
        /** What carries the tag. */
        TAG,
        /** Everything. */
        ALL
    }

    /**
     * One purge.
     *
     * @param soft whether what it concerns is stale from then on, rather than gone
     * @param at when, in milliseconds since 1970
     */
    record Purge(Kind kind, String value, boolean soft, long at) {

        String text() {
            return kind + " " + soft + " " + at + " " + value;
        }

        static Purge read(String text) {
            String[] parts = text.split(" ", 4);
            return new Purge(
                    Kind.valueOf(parts[0]), parts[3], Boolean.parseBoolean(parts[1]), Long.parseLong(parts[2]));
        }

        boolean concerns(Stored stored) {
            return switch (kind) {
                case ALL -> true;
                case URL -> stored.url().equals(value);
                case TAG -> stored.tags().contains(value);
                case PREFIX ->
                    value.startsWith("/")
                            ? stored.url().startsWith(value, stored.url().indexOf('/', "https://".length()))
                            : stored.url().startsWith(value);
            };
        }
    }

    /**
     * The purges that there have been.
     *
     * @param text how the store tells it
     * @param base the number before the first one; what is older was kept before the store lost its memory
     * @param count the number of the newest one
     * @param last the newest ones, in order
     */
    record Known(String text, long base, long count, List<Purge> last) {

        /**
         * How a response is to be looked at.
         *
         * @return null where it is gone; itself, or as one that is stale since a soft purge
         */
        @Nullable
        Stored judged(Stored stored) {
            if (stored.purges() >= count && stored.purges() >= base) {
                return stored;
            }
            if (stored.purges() < base || stored.purges() < count - last.size()) {
                return null;
            }
            Stored result = stored;
            for (int i = last.size() - (int) (count - stored.purges()); i < last.size(); i++) {
                if (last.get(i).concerns(stored)) {
                    if (!last.get(i).soft()) {
                        return null;
                    }
                    result = result.endedAt(last.get(i).at());
                }
            }
            return result;
        }
    }

    Purges(Store store, String key, LongSupplier millis) {
        this.store = store;
        this.key = key + "/purges";
        this.millis = millis;
    }

    /** Those that there have been by now. */
    Known now() {
        String text = store.get(key);
        if (text == null) {
            // Above all numbers that there may have been before, if the store has lost them.
            long base = millis.getAsLong() * 1_000;
            String first = base + ":" + base;
            text = store.putIfAbsent(key, first, FOR_EVER) ? first : String.valueOf(store.get(key));
        }
        Known before = known.get();
        if (before.text().equals(text)) {
            return before;
        }
        int colon = text.indexOf(':');
        Known now =
                read(text, Long.parseLong(text.substring(0, colon)), Long.parseLong(text.substring(colon + 1)), before);
        known.set(now);
        return now;
    }

    private Known read(String text, long base, long count, Known before) {
        int remembered = (int) Math.min(count - base, MOST);
        List<Purge> last = new ArrayList<>(remembered);
        for (long number = count - remembered + 1; number <= count; number++) {
            long index = before.last().size() - 1 - (before.count() - number);
            if (before.base() == base && index >= 0 && index < before.last().size()) {
                last.add(before.last().get((int) index));
            } else {
                String purge = store.get(key + "/" + number);
                // One that the store has lost may have concerned everything.
                last.add(purge == null ? new Purge(Kind.ALL, "", false, 0) : Purge.read(purge));
            }
        }
        return new Known(text, base, count, last);
    }

    /** Adds one; when this returns nobody uses what it concerns. */
    void add(Kind kind, String value, boolean soft) {
        String purge = new Purge(kind, value, soft, millis.getAsLong()).text();
        while (true) {
            Known before = now();
            long number = before.count() + 1;
            boolean mine = store.putIfAbsent(key + "/" + number, purge, FOR_EVER);
            // Whoever sees the number finds the purge; and where another gateway died before it said so, this one does.
            boolean counted = store.replace(key, before.text(), before.base() + ":" + number, FOR_EVER);
            if (mine && (counted || now().count() >= number)) {
                return;
            }
        }
    }
}
