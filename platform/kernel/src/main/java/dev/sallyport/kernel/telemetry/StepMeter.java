package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one making of a step. Each has a provider of its own in the SDK, which has no way to forget a meter: so
 * all that the step registered goes with it, and nothing of it can meet what another step or version registers. A step
 * that asks for no meter costs nothing. Thread-safe.
 */
public final class StepMeter implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("plugin");

    /** So that no plugin fills the memory with what clients send. */
    private static final int MOST_SERIES = 2_000;

    /**
     * Whose metrics they are.
     *
     * @param route null for a step that shares its state
     * @param step the step's id, or the share's name
     * @param type the step's type
     * @param version the plugin's
     * @param monitored whether the step enforces nothing
     */
    public record Step(@Nullable String route, String step, String type, String version, boolean monitored) {

        /** Those of a step that is enforced. */
        public Step(@Nullable String route, String step, String type, String version) {
            this(route, step, type, version, false);
        }
    }

    /** Runs what reads the values, and so the plugin's callbacks, where they can harm nobody. */
    @FunctionalInterface
    public interface Calls {
        Collection<MetricData> call(Callable<Collection<MetricData>> reading) throws Exception;
    }

    private final Step step;
    private final Calls calls;
    private final Telemetry telemetry;

    /** Held while values are read, so that no callback runs any more once the step is closed. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Readings readings;
    private boolean muted;
    private boolean closed;

    StepMeter(Step step, Calls calls, Telemetry telemetry) {
        this.step = step;
        this.calls = calls;
        this.telemetry = telemetry;
    }

    Step step() {
        return step;
    }

    /** The meter; one that does nothing, once closed. */
    public Meter meter() {
        lock.lock();
        try {
            if (closed) {
                return MeterProvider.noop().get(step.type());
            }
            if (readings == null) {
                readings = new Readings(step.type(), MOST_SERIES);
                telemetry.opened(this);
            }
            return readings.meter();
        } finally {
            lock.unlock();
        }
    }

    /** All values as they are now; none after close, nor after a callback that did not come back in time. */
    Collection<MetricData> now() {
        lock.lock();
        try {
            Readings open = readings;
            return open == null || muted ? List.of() : calls.call(open::now);
        } catch (Exception e) {
            muted = true; // else each reading of the metrics would wait for it again
            LOG.log(System.Logger.Level.WARNING, "{0}; its metrics are shown no more", e.getMessage());
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        openNoMore();
        telemetry.closing(this); // not under the lock: who reads all metrics takes the two the other way round
        lock.lock();
        try {
            if (readings != null) {
                readings.close();
                readings = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void openNoMore() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
