package dev.sallyport.plugins.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sallyport.api.Request;
import dev.sallyport.api.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where responses are kept. Thread-safe.
 *
 * <ol>
 *   <li>For each URL there is a record: an epoch, by which its responses are found, and by which fields they vary. To
 *       invalidate a URL is to give it another epoch: what was kept under the old one, or is on its way there, is not found
 *       any more.
 *   <li>A response is found by the epoch, what else tells requests apart, and what the request says under the fields that it
 *       varies by.
 *   <li>Of a store that is shared, memory keeps the bytes as well; record and purges are asked of the shared one each time,
 *       so that what another gateway has invalidated or purged is not used here.
 * </ol>
 */
final class Shelf {

    /** How long a response with a validator is kept beyond its life, to be confirmed. */
    static final long FOR_VALIDATION_MILLIS = Duration.ofHours(1).toMillis();

    private static final Duration LONGEST = Duration.ofDays(30);

    /** Longer than anything that it leads to. */
    private static final Duration RECORD_KEPT = Duration.ofDays(31);

    private static final int MOST_SETS = 8;

    private final Store store;
    private final @Nullable Store front;
    private final String key;
    private final Vary vary;
    private final int maxVariants;
    private final Purges purges;
    private final LongSupplier millis;

    /** What was read of bytes that memory keeps, for as long as it does. */
    private final Cache<byte[], Stored> read = Caffeine.newBuilder().weakKeys().build();

    /**
     * What is known of a URL.
     *
     * @param text how the store tells it; null where it does not
     * @param variants how many there are, or were
     * @param sets the names that responses vary by, the latest first; {@code ""} among them for none
     */
    private record UrlRecord(@Nullable String text, String epoch, int variants, List<String> sets) {

        static UrlRecord read(String text) {
            String[] lines = text.split("\n", -1);
            return new UrlRecord(
                    text, lines[0], Integer.parseInt(lines[1]), List.of(lines).subList(2, lines.length));
        }

        static String write(String epoch, int variants, List<String> sets) {
            return epoch + "\n" + variants + (sets.isEmpty() ? "" : "\n" + String.join("\n", sets));
        }
    }

    /**
     * What a look at the shelf has given.
     *
     * @param stored what fits the request, fresh or not; null where nothing does
     * @param others whether its URL has variants, of which none fits it
     */
    record Look(
            CacheKey.Of key,
            UrlRecord url,
            Purges.Known purges,
            @Nullable Stored stored,
            boolean others) {

        /** By what those that ask for the same are known. */
        String flight(Vary vary, Request request) {
            return key.url() + "\n" + key.rest() + "\n"
                    + (url.sets().isEmpty() ? "" : vary.values(url.sets().getFirst(), request));
        }
    }

    /** @param front memory, where the store is another one */
    Shelf(Store store, @Nullable Store front, String key, Vary vary, int maxVariants, LongSupplier millis) {
        this.store = store;
        this.front = front;
        this.key = key;
        this.vary = vary;
        this.maxVariants = maxVariants;
        this.millis = millis;
        purges = new Purges(store, key, millis);
    }

    Purges purges() {
        return purges;
    }

    /** Looks for what fits a request. */
    Look look(CacheKey.Of of, Request request) {
        Purges.Known now = purges.now();
        String text = store.get(recordKey(of.url()));
        if (text == null) {
            return new Look(of, new UrlRecord(null, epoch(), 0, List.of()), now, null, false);
        }
        UrlRecord url = UrlRecord.read(text);
        Stored best = null;
        for (String names : url.sets()) {
            Stored found = find(variantKey(url.epoch(), of.rest(), names, vary.values(names, request)), now);
            if (found != null && (best == null || isBetter(found, best))) {
                best = found;
            }
        }
        boolean others = best == null && url.sets().stream().anyMatch(names -> !names.isEmpty());
        return new Look(of, url, now, best, others);
    }

    /** What is fresh, then what says that it is for this request, then what is newer (RFC 9111 §4 and §4.1). */
    private boolean isBetter(Stored one, Stored other) {
        boolean fresh = one.left(millis.getAsLong()) > 0;
        if (fresh != other.left(millis.getAsLong()) > 0) {
            return fresh;
        }
        boolean varies = one.headers().has("vary");
        return varies == other.headers().has("vary") ? one.at() > other.at() : varies;
    }

    private @Nullable Stored find(String variant, Purges.Known now) {
        Stored near = front == null ? null : judged(front.getBytes(variant), now);
        if (near != null && near.left(millis.getAsLong()) > 0) {
            return near;
        }
        byte[] bytes = store.getBytes(variant);
        Stored found = judged(bytes, now);
        if (found != null && front != null && bytes != null) {
            front.putBytes(variant, bytes, kept(found));
        }
        return found != null ? found : near;
    }

    private @Nullable Stored judged(byte @Nullable [] bytes, Purges.Known now) {
        if (bytes == null) {
            return null;
        }
        Stored stored = read.getIfPresent(bytes);
        if (stored == null) {
            stored = Stored.read(bytes);
            if (stored == null) {
                return null;
            }
            read.put(bytes, stored);
        }
        return now.judged(stored);
    }

    /**
     * Keeps a response, unless its URL was invalidated since the look.
     *
     * @return whether it is kept
     */
    boolean keep(Look look, Request request, Stored stored) {
        String names = vary.names(stored.headers());
        UrlRecord url = look.url();
        if (look.stored() == null && look.key().rest().isEmpty() && url.variants() >= maxVariants) {
            url = new UrlRecord(
                    url.text(), epoch(), 0, List.of()); // what there was is not found any more, and makes room
        }
        String variant = variantKey(url.epoch(), look.key().rest(), names, vary.values(names, request));
        store.putBytes(variant, stored.bytes(), kept(stored));
        if (front != null) {
            front.putBytes(variant, stored.bytes(), kept(stored));
        }
        read.put(stored.bytes(), stored);
        return record(look.key().url(), url, names, look.stored() == null);
    }

    private boolean record(String of, UrlRecord seen, String names, boolean another) {
        UrlRecord before = seen;
        while (true) {
            List<String> sets = new ArrayList<>(before.sets());
            if (!another && !sets.isEmpty() && sets.getFirst().equals(names)) {
                return isStill(of, before);
            }
            sets.remove(names);
            sets.addFirst(names);
            String after = UrlRecord.write(
                    before.epoch(),
                    before.variants() + (another ? 1 : 0),
                    sets.subList(0, Math.min(MOST_SETS, sets.size())));
            boolean done = before.text() == null
                    ? store.putIfAbsent(recordKey(of), after, RECORD_KEPT)
                    : store.replace(recordKey(of), before.text(), after, RECORD_KEPT);
            if (done) {
                return true;
            }
            String text = store.get(recordKey(of));
            UrlRecord now = text == null ? null : UrlRecord.read(text);
            if (now == null || !now.epoch().equals(seen.epoch())) {
                return false; // invalidated, or another one was first
            }
            before = now;
        }
    }

    private boolean isStill(String of, UrlRecord record) {
        String text = store.get(recordKey(of));
        return text != null && UrlRecord.read(text).epoch().equals(record.epoch());
    }

    /** Nothing that was kept for a URL, or is on its way, is found any more. */
    void invalidate(String url) {
        store.put(recordKey(url), UrlRecord.write(epoch(), 0, List.of()), RECORD_KEPT);
    }

    private Duration kept(Stored stored) {
        Duration useful = Duration.ofMillis(stored.useful(millis.getAsLong(), FOR_VALIDATION_MILLIS));
        return useful.compareTo(LONGEST) < 0 ? useful : LONGEST;
    }

    private String recordKey(String url) {
        return key + "/url/" + CacheKey.shortened(url);
    }

    private String variantKey(String epoch, String rest, String names, String values) {
        return key + "/" + epoch + "/" + CacheKey.shortened(rest + "\n" + names + "\n" + values);
    }

    private static String epoch() {
        return UUID.randomUUID().toString();
    }
}
