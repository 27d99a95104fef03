package dev.sallyport.plugins.analytics;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The slices on the disk: minutes, and the hours that {@link Tidying} makes of them. Each writer, of which there may be two in
 * one folder for a while, writes files of its own; they are added up when they are read, so nothing is lost or counted twice.
 * An hour names the minutes that it was made of, so that those are left out also where a crash came before they were deleted.
 */
final class Shelf {

    private final Path folder;
    private final AnalyticsConfig config;
    private final String writer = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicInteger written = new AtomicInteger();
    private final LongAdder unreadable = new LongAdder();

    Shelf(Path folder, AnalyticsConfig config) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.config = config;
    }

    Path folder() {
        return folder;
    }

    Slice empty() {
        return new Slice(config.top(), config.samples());
    }

    /** Files that could not be read, each time that they could not. */
    long unreadable() {
        return unreadable.sum();
    }

    void wasUnreadable() {
        unreadable.increment();
    }

    /** A name for a minute, which nobody else has. */
    String name(long minute) {
        return "m-" + minute + "-" + next();
    }

    /** The path of an hour, which nobody else has. */
    Path hour(long hour) {
        return folder.resolve("h-" + hour + "-" + next());
    }

    private String next() {
        return writer + "-" + written.incrementAndGet();
    }

    /** @param name one that {@link #name} has made */
    void write(String name, Slice slice) throws IOException {
        if (!slice.series().isEmpty()) {
            SliceFile.write(folder.resolve(name), List.of(), slice);
        }
    }

    /** A file, or a minute that is none yet. */
    private record Source(
            long first,
            long end,
            @Nullable Item item,
            @Nullable Minute minute) {

        private static final Comparator<Source> BY_TIME =
                Comparator.comparingLong(Source::first).thenComparing(Source::end, Comparator.reverseOrder());

        private static Source of(Item item) {
            return new Source(item.firstMinute(), item.endMinute(), item, null);
        }

        private static Source of(Minute minute) {
            return new Source(minute.number(), minute.number() + 1, null, minute);
        }
    }

    /**
     * Gives each slice that has something of these minutes, the oldest first.
     *
     * @param from the first minute
     * @param to the one after the last
     * @param withPaths whether their paths are wanted too
     * @param unwritten what may not be on the disk yet: it is given as it is, and not once more where it is a file by now
     * @return false where files were put together meanwhile, so that some may have been missed: what was given is worth nothing
     * @throws InterruptedIOException where the thread was interrupted, since nobody waits for it any more
     */
    boolean read(long from, long to, boolean withPaths, List<Minute> unwritten, Reading reading) throws IOException {
        Set<String> given = unwritten.stream().map(Minute::name).collect(Collectors.toCollection(HashSet::new));
        Set<String> mine = Set.copyOf(given);
        List<Item> items = items();
        List<Source> sources = new ArrayList<>();
        items.stream().filter(item -> item.isWithin(from, to)).map(Source::of).forEach(sources::add);
        unwritten.stream()
                .filter(minute -> minute.number() >= from && minute.number() < to)
                .map(Source::of)
                .forEach(sources::add);
        sources.sort(Source.BY_TIME);
        for (Source source : sources) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("nobody waits for the answer any more");
            }
            Slice slice;
            if (source.minute() != null) {
                slice = source.minute().soFar();
            } else {
                Item item = Objects.requireNonNull(source.item());
                SliceFile.Content content;
                try {
                    content = given.contains(item.name()) ? null : content(item, withPaths);
                } catch (NoSuchFileException becameAnHour) {
                    return false;
                }
                if (content == null) {
                    continue;
                }
                if (!Collections.disjoint(mine, content.sources())) {
                    return false;
                }
                given.addAll(content.sources());
                slice = content.slice();
            }
            if (!reading.add(source.first(), source.end(), slice)) {
                return true;
            }
        }
        Set<Item> known = Set.copyOf(items);
        return items().stream().noneMatch(item -> item.hour() && item.isWithin(from, to) && !known.contains(item));
    }

    /** Null where it is spoilt; where it just cannot be opened now, as where too many files are open, that fails. */
    private SliceFile.@Nullable Content content(Item item, boolean withPaths) throws IOException {
        try {
            return SliceFile.read(item.path(), empty(), withPaths);
        } catch (FileSystemException | ClosedByInterruptException notNow) {
            throw notNow;
        } catch (IOException spoilt) {
            unreadable.increment();
            return null;
        }
    }

    /** Those that can be read, the oldest first. */
    List<Item> items() throws IOException {
        return all().stream().filter(Item::isWhole).toList();
    }

    /** All that is its own, also what is not whole, the oldest first. */
    List<Item> all() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Item::of)
                    .filter(Objects::nonNull)
                    .sorted(Item.BY_TIME)
                    .toList();
        }
    }

    static long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException deleted) {
            return 0;
        }
    }

    /** How many bytes all files have. */
    long bytes() throws IOException {
        long bytes = 0;
        for (Item item : all()) {
            bytes += size(item.path());
        }
        return bytes;
    }

    /** How many files there are. */
    int files() throws IOException {
        return all().size();
    }
}
