package dev.sallyport.kernel.trace;

import dev.sallyport.api.Request;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.TraceConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which exchanges are recorded: those that chance picks (`trace.sample`), that somebody watches, and that carry a
 * signed header. While nobody wants any, that costs a look at one field a request; what is recorded for one costs others
 * nothing. Thread-safe; one for the process.
 */
public final class Tracing {

    /** The header by which one request is recorded. It stays between client and gateway, as fields of a connection do. */
    public static final String HEADER = "trace-sallyport";

    /** How long it can be used. */
    public static final Duration ONE_OFF_TIME = Duration.ofSeconds(60);

    private static final int MOST_WATCHES = 8;
    private static final int MOST_KEPT = 1_000;

    private final LongSupplier nanos;
    private final OneOffs oneOffs;
    private final TraceRing ring = new TraceRing(MOST_KEPT);
    private final List<Watch> watches = new ArrayList<>();
    private double sample;
    private int keep = 1;

    /** Null while nobody wants any trace. */
    private volatile @Nullable Demand demand;

    private record Demand(List<Watch> watches, double sample, int keep) {}

    /**
     * A header with which one request is recorded.
     *
     * @param id what its trace is found by
     */
    public record OneOff(String id, String value, Instant expires) {}

    /** Records nothing yet. */
    public Tracing(Clock clock) {
        this(clock, System::nanoTime);
    }

    /** @param nanos a clock like {@link System#nanoTime} */
    public Tracing(Clock clock, LongSupplier nanos) {
        this.nanos = nanos;
        oneOffs = new OneOffs(clock);
    }

    /** Another configuration serves. */
    public synchronized void configure(TraceConfig config) {
        sample = config.sample() == null ? 0 : config.sample().value();
        keep = config.keep();
        decide();
    }

    /**
     * Follows exchanges until it is closed.
     *
     * @throws IllegalStateException where too many do already
     */
    public synchronized Watch watch(TraceFilter filter) {
        if (watches.size() >= MOST_WATCHES) {
            throw new IllegalStateException(MOST_WATCHES + " follow traces already (expected: fewer); end one of them");
        }
        Watch watch = new Watch(filter, this::end);
        watches.add(watch);
        decide();
        return watch;
    }

    private synchronized void end(Watch watch) {
        watches.remove(watch);
        decide();
    }

    /**
     * Makes a header for one request.
     *
     * @throws IllegalStateException where too many were made and not used
     */
    public synchronized OneOff oneOff() {
        OneOffs.Issued issued = oneOffs.issue(ONE_OFF_TIME);
        decide();
        // When nobody has used it, requests need no longer be looked at for it.
        CompletableFuture.delayedExecutor(ONE_OFF_TIME.toMillis() + 1_000, TimeUnit.MILLISECONDS)
                .execute(this::decide);
        return new OneOff(issued.id(), issued.value(), issued.expires());
    }

    private synchronized void decide() {
        boolean wanted = !watches.isEmpty() || sample > 0 || oneOffs.isAnyOpen();
        demand = wanted ? new Demand(List.copyOf(watches), sample, keep) : null;
    }

    /** Whether anybody wants traces. */
    public boolean isWanted() {
        return demand != null;
    }

    /**
     * Begins to record an exchange, where somebody may want it; null else.
     *
     * @param signed the value of {@link #HEADER} as it came; null for none
     * @param generation the number of the one on which it runs
     */
    public @Nullable Recording begin(Request request, @Nullable String signed, ResolvedConfig config, int generation) {
        Demand now = demand;
        if (now == null) {
            return null;
        }
        String once = null;
        if (signed != null) {
            once = oneOffs.redeem(signed);
            decide();
        }
        boolean sampled = now.sample() > 0 && ThreadLocalRandom.current().nextDouble(100) < now.sample();
        List<Watch> watching = now.watches().stream()
                .filter(watch -> watch.filter().mayTake(request))
                .toList();
        if (once == null && !sampled && watching.isEmpty()) {
            return null;
        }
        Recording recording = new Recording(request, new Mask(config), once, sampled, watching, generation, nanos);
        request.exchange().onComplete(completion -> {
            Recording.Ended ended = recording.end(completion);
            if (ended != null) {
                ring.add(ended.trace(), now.keep());
                ended.watches().forEach(watch -> watch.offer(ended.trace()));
            }
        });
        return recording;
    }

    /** The traces that are kept, newest first. */
    public List<Trace> newestFirst(TraceFilter filter) {
        return ring.newestFirst(filter);
    }

    /** The newest one of that request id; null where none is kept. */
    public @Nullable Trace find(String id) {
        return ring.find(id);
    }
}
