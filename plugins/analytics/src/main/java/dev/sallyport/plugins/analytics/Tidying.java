package dev.sallyport.plugins.analytics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Deletes what is too old or too much, and makes hours of old minutes. Thread-safe, and safe beside others in one folder. */
final class Tidying {

    private static final long MINUTES = 60;
    private static final int LEAST = 16;

    /** So many times as many combinations as an hour may have are told apart while it is made. */
    private static final int MOST_COUNTED = 20;

    private final Shelf shelf;
    private final AnalyticsConfig config;
    private final Deletion deletion;
    private final LongAdder notApart = new LongAdder();

    /** @param nanos a clock that goes on evenly, such as {@link System#nanoTime} */
    Tidying(Shelf shelf, AnalyticsConfig config, LongSupplier nanos) {
        this.shelf = shelf;
        this.config = config;
        deletion = new Deletion(shelf, config, nanos);
    }

    /** Requests that were counted together with others when hours were made. */
    long notApart() {
        return notApart.sum();
    }

    /**
     * Does all that is due. Where another does so in this folder, it is left to that one.
     *
     * @param now minutes since 1970
     * @throws IOException what failed first; all that could be done was done
     */
    void run(long now) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        shelf.folder().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock()) {
            if (mine != null) {
                IOException failure = deletion.run(now);
                failure = compact(now - config.keepMinutes().toMinutes(), failure);
                if (failure != null) {
                    throw failure;
                }
            }
        } catch (OverlappingFileLockException anotherDoesIt) {
            // in this process
        }
    }

    /** Only whole hours: what is written later of one that is an hour already becomes a second file of that hour. */
    private @Nullable IOException compact(long before, @Nullable IOException earlier) throws IOException {
        TreeMap<Long, List<Item>> hours = new TreeMap<>();
        List<Item> items = shelf.items();
        for (Item item : items) {
            if (!item.hour() && (item.number() / MINUTES + 1) * MINUTES <= before) {
                hours.computeIfAbsent(item.number() / MINUTES, hour -> new ArrayList<>())
                        .add(item);
            }
        }
        IOException failure = earlier;
        for (Map.Entry<Long, List<Item>> hour : hours.entrySet()) {
            try {
                compact(hour.getKey(), hour.getValue(), done(items, hour.getKey()));
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        return failure;
    }

    /** The minutes that hours were made of already. */
    private Set<String> done(List<Item> items, long hour) throws IOException {
        Set<String> done = new HashSet<>();
        for (Item item : items) {
            SliceFile.Content content = item.hour() && item.number() == hour ? content(item, false) : null;
            if (content != null) {
                done.addAll(content.sources());
            }
        }
        return done;
    }

    private void compact(long hour, List<Item> minutes, Set<String> done) throws IOException {
        List<Item> sources = new ArrayList<>();
        Map<Key, Long> counts = new HashMap<>();
        for (Item minute : minutes) {
            SliceFile.Content content = done.contains(minute.name()) ? null : content(minute, false);
            if (content != null) {
                sources.add(minute);
                content.slice().series().forEach((key, totals) -> count(counts, key, totals.count));
            }
        }
        if (!sources.isEmpty()) {
            List<String> names = sources.stream().map(Item::name).toList();
            for (int most = config.series(); ; most /= 2) {
                try {
                    write(hour, names, sources, new Fit(counts, most));
                    break;
                } catch (SliceFile.TooLongException e) {
                    if (most < LEAST) {
                        throw e;
                    }
                }
            }
        }
        for (Item minute : minutes) {
            Files.deleteIfExists(minute.path());
        }
    }

    private void count(Map<Key, Long> counts, Key key, long count) {
        Key known = key;
        if (counts.size() >= config.series() * MOST_COUNTED && !counts.containsKey(known)) {
            known = key.withoutClient();
            known = counts.containsKey(known) ? known : Key.ALL;
        }
        counts.merge(known, count, Long::sum);
    }

    private void write(long hour, List<String> names, List<Item> sources, Fit fit) throws IOException {
        Slice sum = shelf.empty();
        long[] together = new long[1];
        for (Item minute : sources) {
            Slice slice = SliceFile.read(minute.path(), shelf.empty(), true).slice();
            slice.series().forEach((key, totals) -> {
                Key as = fit.of(key);
                together[0] += as.equals(key) ? 0 : totals.count;
                sum.add(as, totals);
            });
            sum.addPaths(slice.paths());
            slice.samples().forEach(sum::add);
        }
        SliceFile.write(shelf.hour(hour), names, sum);
        notApart.add(together[0]);
    }

    /** Null where it is spoilt: then it is put aside. Where it cannot be read now, that fails, and it stays as it is. */
    private SliceFile.@Nullable Content content(Item item, boolean withPaths) throws IOException {
        try {
            return SliceFile.read(item.path(), shelf.empty(), withPaths);
        } catch (SliceFile.SpoiltException spoilt) {
            shelf.wasUnreadable();
            Files.move(item.path(), Path.of(item.path() + Item.ASIDE), StandardCopyOption.REPLACE_EXISTING);
            return null;
        }
    }
}
