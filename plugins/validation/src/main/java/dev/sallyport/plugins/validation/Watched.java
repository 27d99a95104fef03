package dev.sallyport.plugins.validation;

import dev.sallyport.api.FilterContext;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What was made of some files, made anew when they have changed and then stood still. Where that fails, what there was goes
 * on to count, and the log says why. Thread-safe.
 *
 * @param <T> what is made
 */
final class Watched<T> implements Supplier<T> {

    private static final long LOOK_MILLIS = 500;

    private final Maker<T> maker;
    private final FilterContext context;
    private volatile Made<T> made;
    private volatile String failure = "";
    private Map<Path, Look> told;
    private Map<Path, Look> last;

    /** What was made, and of which files. */
    record Made<T>(T value, Set<Path> files) {}

    /** Makes it. */
    interface Maker<T> {
        Made<T> make() throws DocumentException;
    }

    private record Look(long modified, long size) {}

    private Watched(Maker<T> maker, FilterContext context) throws DocumentException {
        this.maker = maker;
        this.context = context;
        this.made = maker.make();
        this.told = look();
        this.last = told;
    }

    /**
     * Makes it for the first time, and watches its files until the step is closed.
     *
     * @throws DocumentException where it cannot be made
     */
    static <T> Watched<T> of(Maker<T> maker, FilterContext context) throws DocumentException {
        Watched<T> watched = new Watched<>(maker, context);
        if (!watched.made.files().isEmpty()) {
            var _ = context.scheduler()
                    .scheduleWithFixedDelay(watched::lookAgain, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return watched;
    }

    @Override
    public T get() {
        return made.value();
    }

    /** What is wrong with the files as they are now; {@code ""} where they serve. */
    String failure() {
        return failure;
    }

    private synchronized void lookAgain() {
        Map<Path, Look> now = look();
        boolean still = now.equals(last);
        last = now;
        if (!still || now.equals(told)) {
            return;
        }
        told = now;
        try {
            made = context.cpu(maker::make);
            failure = "";
            context.logger().log(Level.INFO, "{0}: read again, since a file has changed", context.key());
        } catch (Exception e) {
            failure = String.valueOf(e.getMessage());
            context.logger()
                    .log(Level.WARNING, "{0}: what was read before goes on to count: {1}", context.key(), failure);
        }
    }

    private Map<Path, Look> look() {
        Map<Path, Look> looks = new HashMap<>();
        for (Path file : made.files()) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                looks.put(file, new Look(attributes.lastModifiedTime().toMillis(), attributes.size()));
            } catch (IOException absent) {
                // absent is a state too: it has no entry
            }
        }
        return looks;
    }
}
