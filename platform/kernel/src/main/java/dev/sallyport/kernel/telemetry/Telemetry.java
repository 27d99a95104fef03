package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

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

    private final PrometheusText text = new PrometheusText();

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
        return new StepMeter(step, calls, steps::add, steps::remove);
    }

    /** All metrics as Prometheus reads them. */
    public String text() {
        Collection<PrometheusText.Part> parts = new ArrayList<>();
        parts.add(new PrometheusText.Part(Map.of(), own.now()));
        Map<StepMeter.Step, StepMeter> newest = new LinkedHashMap<>();
        steps.forEach(meter -> newest.put(meter.step(), meter));
        newest.forEach((step, meter) -> parts.add(new PrometheusText.Part(labels(step), meter.now())));
        return text.of(parts);
    }

    private static Map<String, String> labels(StepMeter.Step step) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (step.route() != null) {
            labels.put("route", step.route());
        }
        labels.put("step", step.step());
        labels.put("version", step.version());
        return labels;
    }

    @Override
    public void close() {
        own.close();
    }
}
