package dev.sallyport.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tells when files have changed and then stood still for half a second, so that a write in progress is never read. It
 * compares times and sizes: events of the operating system do not come from every file system.
 */
public final class FileWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 250;
    private static final int LOOKS_TO_SETTLE = 2;

    private final Supplier<Set<Path>> files;
    private final Runnable onChange;
    private final Thread thread;

    private record Look(long modified, long size) {}

    /**
     * @param files the files, and folders whose content counts; asked for at each look
     * @param onChange called on the watching thread
     */
    public FileWatch(String name, Supplier<Set<Path>> files, Runnable onChange) {
        this.files = files;
        this.onChange = onChange;
        Map<Path, Look> start = look();
        thread = Thread.ofPlatform().daemon().name(name).start(() -> watch(start));
    }

    private void watch(Map<Path, Look> start) {
        Map<Path, Look> told = start;
        Map<Path, Look> last = start;
        int still = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            Map<Path, Look> now = look();
            still = now.equals(last) ? still + 1 : 0;
            last = now;
            if (still >= LOOKS_TO_SETTLE && !now.equals(told)) {
                told = now;
                onChange.run();
            }
        }
    }

    private Map<Path, Look> look() {
        Map<Path, Look> looks = new HashMap<>();
        for (Path path : files.get()) {
            look(path, looks);
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.walk(path)) {
                    inside.forEach(one -> look(one, looks));
                } catch (IOException | java.io.UncheckedIOException changing) {
                    // what vanished meanwhile is seen at the next look
                }
            }
        }
        return looks;
    }

    private static void look(Path path, Map<Path, Look> looks) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            looks.put(path, new Look(attributes.lastModifiedTime().toMillis(), attributes.size()));
        } catch (IOException absent) {
            // absent is a state too: it has no entry
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
