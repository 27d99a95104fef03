package dev.sallyport.kernel.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts exchanges and how long they took, by route and class of status: so the number of series is bounded by the
 * configuration, whatever clients send. One record for each exchange. Thread-safe.
 */
public final class ExchangeTimes {

    private static final double NANOS = 1e9;
    private static final List<Double> SECONDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);
    private static final int CLASSES = 6;

    private final DoubleHistogram seconds;
    private final Attributes[] none = attributes("none");
    private final Map<String, Attributes[]> routes = new ConcurrentHashMap<>();

    /** @param meter the gateway's own */
    public ExchangeTimes(Meter meter) {
        seconds = meter.histogramBuilder("sallyport.exchange.duration")
                .setDescription("Exchanges by route and class of status, and how long they took to the last byte.")
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    /**
     * One exchange is over.
     *
     * @param route the name of its route; null where it had none
     */
    public void record(@Nullable String route, int status, long nanos) {
        Attributes[] byClass = route == null ? none : routes.computeIfAbsent(route, ExchangeTimes::attributes);
        // Not the current context: to ask for it would give each virtual thread a map of thread locals.
        seconds.record(nanos / NANOS, byClass[Math.clamp(status / 100, 0, CLASSES - 1)], Context.root());
    }

    private static Attributes[] attributes(String route) {
        Attributes[] byClass = new Attributes[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            byClass[i] = Attributes.builder()
                    .put("route", route)
                    .put("status", i + "xx")
                    .build();
        }
        return byClass;
    }
}
