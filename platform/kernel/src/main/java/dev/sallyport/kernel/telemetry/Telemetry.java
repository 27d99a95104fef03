package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The metrics of the process: the gateway's own, and those of the steps that are alive. Nothing is registered globally: what
 * a plugin registers there would keep the plugin in memory. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

    /** Above what routes, plugins and classes of statuses can make together: only the configuration adds to it. */
    private static final int MOST_SERIES = 100_000;

    private final Readings own = new Readings("sallyport", MOST_SERIES);

    /** The metrics of steps, in the order in which they came. */
    private final List<StepMeter> steps = new CopyOnWriteArrayList<>();

    /** What the closed makings of a step have counted, while another one goes on. */
    private final Map<StepMeter.Step, PrometheusText.Kept> kept = new HashMap<>();

    private final PrometheusText text = new PrometheusText();

    /** Held while all is read, and while what one has counted passes from it to what is kept: a sum must not fall. */
    private final ReentrantLock reading = new ReentrantLock();

    /** Telemetry without metrics yet. */
    public Telemetry() {
        // The first use in the process looks for a storage by the context class loader, which must not be a plugin's.
        Context.current();
    }

    /** For the gateway's own metrics. */
    public Meter meter() {
        return own.meter();
    }

    /** For the metrics of one step; whoever makes the step closes it. */
    public StepMeter lend(StepMeter.Step step, StepMeter.Calls calls) {
        return new StepMeter(step, calls, this);
    }

    void opened(StepMeter meter) {
        steps.add(meter);
    }

    /** Where another making of that step goes on, what this one has counted stays in the sum. */
    void closing(StepMeter meter) {
        reading.lock();
        try {
            if (!steps.remove(meter)) {
                return; // it has no metrics
            }
            StepMeter.Step step = meter.step();
            if (steps.stream().anyMatch(other -> other.step().equals(step))) {
                kept.computeIfAbsent(step, first -> new PrometheusText.Kept()).add(part(meter));
            } else {
                kept.remove(step);
            }
        } finally {
            reading.unlock();
        }
    }

    /** All metrics as Prometheus reads them. */
    public String text() {
        reading.lock();
        try {
            List<PrometheusText.Part> parts = new ArrayList<>();
            parts.add(new PrometheusText.Part(Map.of(), own.now()));
            steps.forEach(meter -> parts.add(part(meter)));
            return text.of(parts, kept.values());
        } finally {
            reading.unlock();
        }
    }

    private static PrometheusText.Part part(StepMeter meter) {
        return new PrometheusText.Part(labels(meter.step()), meter.now());
    }

    private static Map<String, String> labels(StepMeter.Step step) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (step.route() != null) {
            labels.put("route", step.route());
        }
        labels.put("step", step.step());
        labels.put("version", step.version());
        if (step.monitored()) {
            labels.put("mode", "monitor");
        }
        return labels;
    }

    @Override
    public void close() {
        own.close();
    }
}
