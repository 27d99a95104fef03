package dev.sallyport.kernel.balance;

import dev.sallyport.kernel.config.HealthConfig;
import dev.sallyport.kernel.config.OutliersConfig;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One instance of a service: what is under way to it, and how it does. Thread-safe. */
public final class LiveTarget {

    /** Before any time that {@link System#nanoTime} tells, by half of what can be told apart. */
    static final long LONG_AGO = System.nanoTime() - Long.MAX_VALUE / 2;

    private final URI url;
    private final Family family;
    private final long urlHash;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder picks = new LongAdder();

    /** How far it is in credit where targets take turns. Guarded by the family. */
    long credit;

    // Guarded by this, as all below; read by views, which are made anew after each change.
    private boolean healthy = true;
    private boolean checked;
    private int checksInARow;
    private long ejectedUntil = LONG_AGO;
    private long ejectedFor;
    private int ejections;
    private int timesInARow;
    private long startedAt;
    private @Nullable String lastFailure;
    private @Nullable Instant lastFailureAt;
    private long windowStart = LONG_AGO;
    private int windowRequests;
    private int windowFailures;

    /** Failures in a row; also read without a lock, to see whether there is anything to reset. */
    private volatile int failuresInARow;

    LiveTarget(URI url, Family family, long startedAt) {
        this.url = url;
        this.family = family;
        this.startedAt = startedAt;
        urlHash = Hash.of(url.toString());
    }

    /** Scheme, host and port. */
    public URI url() {
        return url;
    }

    long urlHash() {
        return urlHash;
    }

    /** Requests under way to it. */
    public int inFlight() {
        return inFlight.get();
    }

    /** How often it was chosen. */
    public long picks() {
        return picks.sum();
    }

    /** A request goes to it; {@link #leave} when that is over. */
    public void enter() {
        picks.increment();
        inFlight.incrementAndGet();
        family.inFlight().incrementAndGet();
    }

    /** A request to it is over. */
    public void leave() {
        inFlight.decrementAndGet();
        family.inFlight().decrementAndGet();
    }

    /** Whether checks say that it is well; true while there are none. */
    public synchronized boolean isHealthy() {
        return healthy;
    }

    synchronized long ejectedUntil() {
        return ejectedUntil;
    }

    /** Since when it takes its share, so that it may begin slowly. */
    synchronized long startedAt() {
        return startedAt;
    }

    synchronized int ejections() {
        return ejections;
    }

    /** What went wrong with it last, and when; null where nothing did. */
    synchronized @Nullable Failure lastFailure() {
        return lastFailure == null || lastFailureAt == null ? null : new Failure(lastFailure, lastFailureAt);
    }

    /** What went wrong, and when. */
    public record Failure(String what, Instant at) {}

    /** No checks any more: it counts as healthy. */
    synchronized void unchecked() {
        checked = false;
        checksInARow = 0;
        if (!healthy) {
            healthy = true;
            family.changed();
        }
    }

    /**
     * A check has ended.
     *
     * @param failure what is wrong; null where it is well
     */
    synchronized void checked(@Nullable String failure, HealthConfig config, long now) {
        boolean well = failure == null;
        if (failure != null) {
            lastFailure = "health check: " + failure;
            lastFailureAt = Instant.now();
        }
        boolean first = !checked;
        checked = true;
        if (well == healthy) {
            checksInARow = 0;
            return;
        }
        checksInARow++;
        if (first || checksInARow >= (well ? config.healthyAfter() : config.unhealthyAfter())) {
            healthy = well;
            checksInARow = 0;
            if (well) {
                startedAt = now;
            }
            family.changed();
        }
    }

    /** A request went well. */
    void succeeded(OutliersConfig config, long now) {
        if (failuresInARow != 0) {
            synchronized (this) {
                failuresInARow = 0;
            }
        }
        if (config.failureRate() != null) {
            count(config, false, now);
        }
    }

    /** A request failed; whether the target is to be ejected for that. */
    synchronized boolean failed(String why, @Nullable OutliersConfig config, long now) {
        lastFailure = why;
        lastFailureAt = Instant.now();
        if (config == null || now - ejectedUntil < 0) {
            return false;
        }
        int inARow = failuresInARow + 1;
        failuresInARow = inARow;
        boolean often = config.failureRate() != null && count(config, true, now);
        return often || inARow >= config.consecutive();
    }

    /** Counts a request in its window; whether too many have failed in it. */
    private synchronized boolean count(OutliersConfig config, boolean failed, long now) {
        if (now - windowStart >= config.window().toNanos()) {
            windowStart = now;
            windowRequests = 0;
            windowFailures = 0;
        }
        windowRequests++;
        windowFailures += failed ? 1 : 0;
        return config.failureRate() != null
                && windowRequests >= config.minimumRequests()
                && 100.0 * windowFailures >= config.failureRate().value() * windowRequests;
    }

    /** It is not used for a while: for longer where it was ejected not long ago. */
    synchronized void eject(OutliersConfig config, long now) {
        boolean again = now - ejectedUntil < ejectedFor;
        timesInARow = again ? timesInARow + 1 : 1;
        long first = config.ejectFor().toNanos();
        long most = Math.max(first, config.ejectForAtMost().toNanos());
        ejectedFor = timesInARow > 30 ? most : Math.min(most, first << (timesInARow - 1));
        ejectedFor = ejectedFor < first ? most : ejectedFor;
        ejectedUntil = now + ejectedFor;
        startedAt = ejectedUntil;
        ejections++;
        failuresInARow = 0;
        windowStart = LONG_AGO;
        family.changed();
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
