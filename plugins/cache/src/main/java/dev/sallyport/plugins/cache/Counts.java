package dev.sallyport.plugins.cache;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What has become of requests, for metrics and for people. Thread-safe. */
final class Counts {

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

    private final LongCounter requests;
    private final LongCounter stored;
    private final LongCounter degraded;
    private final Map<String, Attributes> attributes = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final LongAdder kept = new LongAdder();
    private final LongAdder purges = new LongAdder();

    Counts(Meter meter) {
        requests = meter.counterBuilder("sallyport.cache.requests")
                .setDescription(
                        "Requests, by outcome: hit, stale, uri-miss, vary-miss, stale, request, method, bypass or"
                                + " miss.")
                .build();
        stored = meter.counterBuilder("sallyport.cache.stored")
                .setDescription("Responses that were kept.")
                .build();
        degraded = meter.counterBuilder("sallyport.cache.degraded")
                .setDescription("Calls of the store that failed, since it was away: the request was a miss.")
                .build();
    }

    void count(Told told) {
        String outcome = told.hit() ? told.outcome() : "stale".equals(told.outcome()) ? "validated" : told.outcome();
        requests.add(1, attributes.computeIfAbsent(outcome, name -> Attributes.of(OUTCOME, name)));
        outcomes.computeIfAbsent(outcome, name -> new LongAdder()).increment();
    }

    void kept(boolean done) {
        if (done) {
            stored.add(1);
            kept.increment();
        }
    }

    void away() {
        degraded.add(1);
    }

    void purged() {
        purges.increment();
    }

    /** @param underWay how many requests fetch something now */
    Map<String, ?> told(int underWay) {
        Map<String, Object> told = new LinkedHashMap<>();
        outcomes.forEach((outcome, count) -> told.put(outcome, count.sum()));
        told.put("stored", kept.sum());
        told.put("purges", purges.sum());
        told.put("underWay", underWay);
        return told;
    }
}
