package dev.sallyport.kernel.telemetry;

import dev.sallyport.api.telemetry.Metric;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The metrics of the process: the gateway's own, and those of the steps that are alive. Nothing is registered globally: what
 * a plugin registers there would keep the plugin in memory. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("telemetry");

    /** Above what routes, plugins and classes of statuses can make together: only the configuration adds to it. */
    private static final int MOST_SERIES = 100_000;

    private final Readings own = new Readings("sallyport", MOST_SERIES);

    /** The metrics of steps, in the order in which they came. */
    private final List<StepMeter> steps = new CopyOnWriteArrayList<>();

    /** What the closed makings of a step have counted, while another one goes on: by the step, by the metric's name. */
    private final Map<StepMeter.Step, Map<String, MergedMetric>> kept = new HashMap<>();

    private final PrometheusText text = new PrometheusText();

    /** The names that have been told of already. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

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
                keep(kept.computeIfAbsent(step, first -> new TreeMap<>()), meter);
            } else {
                kept.remove(step);
            }
        } finally {
            reading.unlock();
        }
    }

    private void keep(Map<String, MergedMetric> counted, StepMeter meter) {
        Attributes owner = attributes(meter.step());
        for (MetricData metric : meter.now()) {
            MergedMetric merged = MergedMetric.of(metric, owner);
            if (merged != null && merged.grows()) {
                add(counted, merged);
            }
        }
    }

    /** All metrics as they are now, by name. */
    public List<Metric> metrics() {
        reading.lock();
        try {
            Map<String, MergedMetric> all = new TreeMap<>();
            add(all, own.now(), Attributes.empty());
            steps.forEach(meter -> add(all, meter.now(), attributes(meter.step())));
            kept.values().forEach(counted -> counted.values().forEach(metric -> add(all, metric)));
            return all.values().stream().map(MergedMetric::metric).toList();
        } finally {
            reading.unlock();
        }
    }

    /** All metrics as Prometheus reads them. */
    public String text() {
        return text.of(metrics(), this::refuse);
    }

    private void add(Map<String, MergedMetric> all, Collection<MetricData> metrics, Attributes owner) {
        for (MetricData metric : metrics) {
            MergedMetric merged = MergedMetric.of(metric, owner);
            if (merged != null) {
                add(all, merged);
            }
        }
    }

    /** Where two mean different things by one name, what the first says counts. */
    private void add(Map<String, MergedMetric> all, MergedMetric more) {
        MergedMetric first = all.computeIfAbsent(more.name(), name -> more.empty());
        if (!first.add(more)) {
            refuse(more.name());
        }
    }

    private void refuse(String name) {
        if (refused.add(name)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a metric {0} is not shown: another one of that name is of another kind, or differs only by"
                            + " characters that Prometheus has not got",
                    name);
        }
    }

    private static Attributes attributes(StepMeter.Step step) {
        AttributesBuilder attributes = Attributes.builder();
        if (step.route() != null) {
            attributes.put("route", step.route());
        }
        attributes.put("step", step.step()).put("version", step.version());
        if (step.monitored()) {
            attributes.put("mode", "monitor");
        }
        return attributes.build();
    }

    @Override
    public void close() {
        own.close();
    }
}
