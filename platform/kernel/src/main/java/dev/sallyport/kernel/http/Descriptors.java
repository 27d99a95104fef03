package dev.sallyport.kernel.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.sallyport.kernel.config.ListenerConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The file descriptors of the process, of which clients may have all but some: with the last one the requests of others
 * would fail, who need one for their target, and nobody could ask the gateway how it is. Thread-safe.
 *
 * <p>Counting them costs a look at each, so it is seldom done. Of those that are free, half may go to clients until they are
 * counted again, which leaves the other half to whatever else needs one meanwhile.
 */
public final class Descriptors {

    private static final Logger LOG = System.getLogger("listener");

    private static final long USUAL_KEPT = 256;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_WHEN_NONE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final @Nullable UnixOperatingSystemMXBean SYSTEM =
            ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;

    private final long most;
    private final long kept;
    private final LongSupplier count;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private boolean told;
    private long left;
    private long lookedAt;

    /** Whether there were too few when they were counted last. */
    private boolean none;

    /** Those of this process. */
    Descriptors() {
        this(most(), Descriptors::open, System::nanoTime);
    }

    /**
     * @param most how many the process may have
     * @param count counts those that it has
     */
    Descriptors(long most, LongSupplier count, LongSupplier nanoTime) {
        this.most = most;
        this.count = count;
        this.nanoTime = nanoTime;
        kept = Math.min(USUAL_KEPT, most / 4);
    }

    /** How many the process may have; a great many where this system does not say. */
    public static long most() {
        return SYSTEM == null ? Long.MAX_VALUE : SYSTEM.getMaxFileDescriptorCount();
    }

    /** How many it has; 0 where this system does not say. */
    public static long open() {
        try {
            return SYSTEM == null ? 0 : SYSTEM.getOpenFileDescriptorCount();
        } catch (InternalError none) { // counting takes one itself
            return most();
        }
    }

    /** Says, once, that there are too few for what these listeners allow. */
    synchronized void compare(List<ListenerConfig> listeners) {
        if (!told && listeners.stream().anyMatch(one -> one.limits().connections() > most - kept)) {
            told = true;
            LOG.log(
                    Level.WARNING,
                    "the process may have {0} files open, which is too few for the connections that limits.connections"
                            + " allows; raise the one (ulimit -n, LimitNOFILE), or lower the other",
                    Long.toString(most));
        }
    }

    /** A client's connection is made; false where it must not be, since there are too few left. */
    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        if (isToBeCounted(now)) {
            lookedAt = now;
            left = Math.max(0, (most - kept - count.getAsLong() + 1) / 2);
            none = left == 0;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    private boolean isToBeCounted(long now) {
        if (none) {
            return now - lookedAt >= LOOK_WHEN_NONE_NANOS;
        }
        return left == 0 || now - lookedAt >= LOOK_NANOS;
    }

    /** A client's connection that was made is over. */
    synchronized void give() {
        left++;
    }
}
