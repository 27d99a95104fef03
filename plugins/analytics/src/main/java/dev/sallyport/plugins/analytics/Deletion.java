package dev.sallyport.plugins.analytics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is too old, and the oldest where it is too much: first what is spoilt, then minutes as long as they have more
 * than half of the room, so that nobody who makes much of them pushes out the hours; then hours. The newest file stays.
 */
final class Deletion {

    private static final Duration OLD_PART = Duration.ofMinutes(10);

    /** A clock that is further ahead than this of what was there last is not trusted at once. */
    private static final Duration MOST_AHEAD = Duration.ofDays(1);

    /** How long it must stay there. */
    private static final Duration DOUBT = Duration.ofHours(1);

    private final Shelf shelf;
    private final AnalyticsConfig config;

    private enum Kind {
        ASIDE,
        MINUTE,
        HOUR
    }

    private record Sized(Item item, long size) {}

    private final Map<Kind, Deque<Sized>> left = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> bytes = new EnumMap<>(Kind.class);
    private long parts;
    private @Nullable IOException failure;

    private final LongSupplier nanos;
    /** The last time that was trusted, in minutes since 1970; null before the first. */
    private @Nullable Long trusted;
    /** Since when the clock is too far ahead; null where it is not. */
    private @Nullable Long aheadSince;

    /** @param nanos a clock that goes on evenly */
    Deletion(Shelf shelf, AnalyticsConfig config, LongSupplier nanos) {
        this.shelf = shelf;
        this.config = config;
        this.nanos = nanos;
    }

    /** A clock that is set far ahead, for an hour or less, must not delete all that there is. */
    private long trusted(long now, List<Item> items) {
        long before = trusted != null
                ? trusted
                : items.isEmpty() ? now : items.getLast().endMinute();
        if (now - before > MOST_AHEAD.toMinutes()) {
            long since = aheadSince == null ? nanos.getAsLong() : aheadSince;
            aheadSince = since;
            if (nanos.getAsLong() - since < DOUBT.toNanos()) {
                trusted = before;
                return before;
            }
        }
        aheadSince = null;
        trusted = now;
        return now;
    }

    /** Does it, and goes on where one cannot be deleted; null where nothing failed. */
    synchronized @Nullable IOException run(long now) {
        failure = null;
        parts = 0;
        for (Kind kind : Kind.values()) {
            left.put(kind, new ArrayDeque<>());
            bytes.put(kind, 0L);
        }
        try {
            List<Item> items = shelf.all();
            long time = trusted(now, items);
            for (Item item : items) {
                look(item, time);
            }
        } catch (IOException e) {
            failure = e;
        }
        makeRoom();
        return failure;
    }

    private void look(Item item, long now) throws IOException {
        if (item.endMinute() < now - config.keepHours().toMinutes() || isOldPart(item)) {
            delete(item);
            return;
        }
        long size = Shelf.size(item.path());
        if (item.state() == Item.State.PART) {
            parts += size;
            return;
        }
        Kind kind = !item.isWhole() ? Kind.ASIDE : item.hour() ? Kind.HOUR : Kind.MINUTE;
        of(kind).add(new Sized(item, size));
        bytes.merge(kind, size, Long::sum);
    }

    private static boolean isOldPart(Item item) throws IOException {
        try {
            return item.state() == Item.State.PART
                    && Files.getLastModifiedTime(item.path()).toMillis()
                            < System.currentTimeMillis() - OLD_PART.toMillis();
        } catch (NoSuchFileException written) {
            return false;
        }
    }

    private void makeRoom() {
        long most = config.maxSize().bytes();
        while (parts + bytes(Kind.ASIDE) + bytes(Kind.MINUTE) + bytes(Kind.HOUR) > most) {
            Kind kind = of(Kind.ASIDE).isEmpty() ? largest(most) : Kind.ASIDE;
            if (kind != Kind.ASIDE && of(Kind.MINUTE).size() + of(Kind.HOUR).size() < 2) {
                return;
            }
            Sized oldest = of(kind).removeFirst();
            bytes.merge(kind, -oldest.size(), Long::sum);
            delete(oldest.item());
        }
    }

    private Kind largest(long most) {
        boolean minutesHaveMore =
                bytes(Kind.MINUTE) > most / 2 && of(Kind.MINUTE).size() > 1;
        return minutesHaveMore || of(Kind.HOUR).isEmpty() ? Kind.MINUTE : Kind.HOUR;
    }

    private Deque<Sized> of(Kind kind) {
        return Objects.requireNonNull(left.get(kind));
    }

    private long bytes(Kind kind) {
        return Objects.requireNonNull(bytes.get(kind));
    }

    private void delete(Item item) {
        try {
            Files.deleteIfExists(item.path());
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }
}
