package dev.sallyport.kernel.chain;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.context.Context;

/** Counts what monitored steps would have done. Thread-safe; one for the process. */
final class MonitorCounts {

    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("route");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("step");
    private static final AttributeKey<String> VERDICT = AttributeKey.stringKey("verdict");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("status");

    private final LongCounter counter;

    /** @param meter the gateway's own */
    MonitorCounts(Meter meter) {
        counter = meter.counterBuilder("sallyport.monitor.verdicts")
                .setDescription("Requests through steps with mode: monitor, by what the step would have done.")
                .build();
    }

    /**
     * One more.
     *
     * @param route the route's name, {@code *}, or {@code upstream:} and a name
     * @param status what it would have answered; 0 where it would not
     */
    void add(String route, String step, String verdict, int status) {
        Attributes attributes = status == 0
                ? Attributes.of(ROUTE, route, STEP, step, VERDICT, verdict)
                : Attributes.of(ROUTE, route, STEP, step, VERDICT, verdict, STATUS, Integer.toString(status));
        counter.add(1, attributes, Context.root()); // as in ExchangeTimes
    }
}
