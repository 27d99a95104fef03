package dev.sallyport.plugins.analytics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The slices on the disk: {@code m-<minute>-<writer>-<number>} for minutes, {@code h-<hour>-…} for the hours that they become.
 * Each writer, of which there may be two in one folder for a while, writes files of its own; they are added up when they are
 * read, so nothing is lost or counted twice. An hour names the minutes that it was made of, so that those are left out also
 * where a crash came before they were deleted.
 */
final class Shelf {

    private static final Pattern NAME = Pattern.compile("([mh])-(\\d{1,12})-[0-9a-f]{8}-\\d{1,9}");
    private static final String PART = ".part";
    private static final long MINUTES = 60;
    private static final Duration OLD_PART = Duration.ofMinutes(10);

    private final Path folder;
    private final AnalyticsConfig config;
    private final String writer = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicInteger written = new AtomicInteger();
    private final LongAdder unreadable = new LongAdder();

    Shelf(Path folder, AnalyticsConfig config) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.config = config;
    }

    /**
     * A file.
     *
     * @param hour whether it is an hour; a minute otherwise
     * @param number hours or minutes since 1970
     */
    private record Item(Path path, String name, boolean hour, long number) {

        long firstMinute() {
            return hour ? number * MINUTES : number;
        }

        long endMinute() {
            return hour ? (number + 1) * MINUTES : number + 1;
        }
    }

    Slice empty() {
        return new Slice(config.series(), config.top(), config.samples());
    }

    /** Files that could not be read, each time that they could not. */
    long unreadable() {
        return unreadable.sum();
    }

    void write(long minute, Slice slice) throws IOException {
        if (!slice.series().isEmpty()) {
            SliceFile.write(file("m", minute), List.of(), slice);
        }
    }

    private Path file(String kind, long number) {
        return folder.resolve(kind + "-" + number + "-" + writer + "-" + written.incrementAndGet());
    }

    /**
     * Gives each slice that has something of these minutes, with its first minute, in no order.
     *
     * @param from the first minute
     * @param to the one after the last
     * @param withPaths whether their paths are wanted too
     */
    void read(long from, long to, boolean withPaths, BiConsumer<Long, Slice> reader) throws IOException {
        Set<String> within = new HashSet<>();
        List<Item> items = items();
        for (Item item : items) {
            if (item.hour() && item.firstMinute() < to && item.endMinute() > from) {
                SliceFile.Content content = content(item, withPaths);
                if (content != null) {
                    within.addAll(content.sources());
                    reader.accept(item.firstMinute(), content.slice());
                }
            }
        }
        for (Item item : items) {
            if (!item.hour() && item.number() >= from && item.number() < to && !within.contains(item.name())) {
                SliceFile.Content content = content(item, withPaths);
                if (content != null) {
                    reader.accept(item.number(), content.slice());
                }
            }
        }
    }

    /** Null where it is spoilt or deleted; where it just cannot be read now, as where too many files are open, that fails. */
    private SliceFile.@Nullable Content content(Item item, boolean withPaths) throws IOException {
        try {
            return SliceFile.read(item.path(), empty(), withPaths);
        } catch (NoSuchFileException deleted) {
            return null;
        } catch (FileSystemException unreadableNow) {
            throw unreadableNow;
        } catch (IOException spoilt) {
            unreadable.increment();
            return null;
        }
    }

    /** The oldest first. */
    private List<Item> items() throws IOException {
        List<Item> items = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(path -> {
                String name = path.getFileName().toString();
                Matcher form = NAME.matcher(name);
                if (form.matches()) {
                    items.add(new Item(path, name, form.group(1).equals("h"), Long.parseLong(form.group(2))));
                }
            });
        }
        items.sort(Comparator.comparingLong(Item::endMinute).thenComparing(Item::name));
        return items;
    }

    /**
     * Makes hours of old minutes, and deletes what is too old or too much. Where another does so in this folder, it is left
     * to that one.
     *
     * @param now minutes since 1970
     */
    void tidy(long now) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock mine = channel.tryLock()) {
            if (mine != null) {
                compact(now - config.keepMinutes().toMinutes());
                delete(now);
            }
        } catch (OverlappingFileLockException anotherDoesIt) {
            // in this process
        }
    }

    /** Only whole hours: what is written later of one that is an hour already becomes a second file of that hour. */
    private void compact(long before) throws IOException {
        Set<String> done = new HashSet<>();
        TreeMap<Long, List<Item>> hours = new TreeMap<>();
        List<Item> items = items();
        for (Item item : items) {
            if (!item.hour() && (item.number() / MINUTES + 1) * MINUTES <= before) {
                hours.computeIfAbsent(item.number() / MINUTES, hour -> new ArrayList<>())
                        .add(item);
            }
        }
        for (Item item : items) {
            SliceFile.Content content = item.hour() && hours.containsKey(item.number()) ? content(item, false) : null;
            if (content != null) {
                done.addAll(content.sources());
            }
        }
        for (Map.Entry<Long, List<Item>> hour : hours.entrySet()) {
            List<Item> minutes = hour.getValue();
            Slice sum = empty();
            List<String> sources = new ArrayList<>();
            for (Item minute : minutes) {
                SliceFile.Content content = done.contains(minute.name()) ? null : content(minute, true);
                if (content != null) {
                    sum.add(content.slice());
                    sources.add(minute.name());
                }
            }
            if (!sources.isEmpty()) {
                SliceFile.write(file("h", hour.getKey()), sources, sum);
            }
            for (Item minute : minutes) {
                Files.deleteIfExists(minute.path());
            }
        }
    }

    private void delete(long now) throws IOException {
        List<Item> newestFirst = items().reversed();
        long bytes = 0;
        for (Item item : newestFirst) {
            bytes += size(item.path());
            if (bytes > config.maxSize().bytes()
                    || item.endMinute() < now - config.keepHours().toMinutes()) {
                Files.deleteIfExists(item.path());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path :
                    files.filter(each -> each.toString().endsWith(PART)).toList()) {
                if (Files.getLastModifiedTime(path).toMillis() < System.currentTimeMillis() - OLD_PART.toMillis()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (NoSuchFileException renamed) {
            // by its writer
        }
    }

    private static long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException deleted) {
            return 0;
        }
    }

    /** How many bytes all files have. */
    long bytes() throws IOException {
        long bytes = 0;
        for (Item item : items()) {
            bytes += size(item.path());
        }
        return bytes;
    }

    /** How many files there are. */
    int files() throws IOException {
        return items().size();
    }
}
