package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a file is put aside, and what becomes of it.
 *
 * @param size at which it is put aside; null where size does not matter
 * @param every after which time; null where time does not matter
 * @param keep how many of those put aside are kept
 * @param total how many bytes they may have together
 * @param compress whether they are compressed
 */
public record Rotation(
        @Doc("The size at which the file is put aside, and a new one begun.") @Nullable
        Size size,

        @Doc("Puts it aside at the first line of each hour or day of UTC, too.") @Nullable
        Every every,

        @Doc("How many files put aside are kept; older ones are deleted.") @Default("14") @Min(1) @Max(10_000)
        int keep,

        @Doc("How many bytes they may have together; the oldest are deleted where it is more.") @Default("1GiB")
        Size total,

        @Doc("Whether they are compressed, in the background.") @Default("gzip")
        Compress compress) {

    private static final Size LEAST = new Size(4 << 10);

    /** The times. */
    public enum Every {
        /** Each hour. */
        HOUR,
        /** Each day. */
        DAY;

        /** The hour or day of a moment, by its beginning. */
        Instant period(Instant moment) {
            return moment.truncatedTo(this == HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS);
        }
    }

    /** How files are compressed. */
    public enum Compress {
        /** As gzip does. */
        GZIP,
        /** Not at all. */
        NONE
    }

    /** @throws ConfigException where nothing says when */
    public Rotation {
        if (size == null && every == null) {
            throw new ConfigException("size", "missing (expected: size or every); say when the file is put aside");
        }
        if (size != null && size.compareTo(LEAST) < 0) {
            throw new ConfigException("size", size + " (expected: " + LEAST + " or more)");
        }
        if (size != null && total.compareTo(size) < 0) {
            throw new ConfigException("total", total + " (expected: not less than size, " + size + ")");
        }
    }
}
