package dev.sallyport.kernel;

import dev.sallyport.kernel.balance.AdaptiveConcurrency;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.upstream.PoolState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of targets, read where the numbers are kept anyway. */
final class UpstreamMetrics {

    private static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("upstream");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("target");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");

    private UpstreamMetrics() {}

    /**
     * Registers them all.
     *
     * @param pools the connections to each target that has any
     */
    static void register(Meter meter, Supplier<Generation> serving, Supplier<Map<URI, PoolState>> pools) {
        connections(meter, serving, pools);
        ObservableLongMeasurement targets = meter.gaugeBuilder("sallyport.upstream.targets")
                .ofLongs()
                .setDescription("Targets by state: available, unhealthy (by checks), ejected.")
                .buildObserver();
        ObservableLongMeasurement panic = meter.gaugeBuilder("sallyport.upstream.panic")
                .ofLongs()
                .setDescription("1 where so few targets are well that all are used.")
                .buildObserver();
        ObservableLongMeasurement inFlight = meter.gaugeBuilder("sallyport.upstream.in_flight")
                .ofLongs()
                .setDescription("Requests under way to a target.")
                .buildObserver();
        ObservableLongMeasurement picks = meter.counterBuilder("sallyport.upstream.picks")
                .setDescription("Times that a target was chosen.")
                .buildObserver();
        ObservableLongMeasurement ejections = meter.counterBuilder("sallyport.upstream.ejections")
                .setDescription("Times that a target was ejected.")
                .buildObserver();
        ObservableLongMeasurement limit = meter.gaugeBuilder("sallyport.upstream.concurrency_limit")
                .ofLongs()
                .setDescription("Requests that may wait for an answer, as adaptiveConcurrency has found.")
                .buildObserver();
        ObservableLongMeasurement waiting = meter.gaugeBuilder("sallyport.upstream.waiting")
                .ofLongs()
                .setDescription("Requests that wait for an answer, where adaptiveConcurrency counts them.")
                .buildObserver();
        ObservableLongMeasurement shed = meter.counterBuilder("sallyport.upstream.shed")
                .setDescription("Requests that adaptiveConcurrency has turned away.")
                .buildObserver();
        meter.batchCallback(
                () -> {
                    Generation now = serving.get();
                    now.groups().forEach((name, group) -> {
                        Attributes upstream = Attributes.of(UPSTREAM, name);
                        List<TargetGroup.State> states = group.states();
                        record(targets, upstream, "available", count(states, true, false));
                        record(targets, upstream, "unhealthy", count(states, false, false));
                        record(targets, upstream, "ejected", count(states, true, true) + count(states, false, true));
                        panic.record(group.isPanic() ? 1 : 0, upstream);
                        AdaptiveConcurrency concurrency = group.concurrency();
                        if (concurrency != null) {
                            limit.record(concurrency.limit(), upstream);
                            waiting.record(concurrency.waiting(), upstream);
                            shed.record(concurrency.shed(), upstream);
                        }
                        for (TargetGroup.State state : states) {
                            Attributes target = upstream.toBuilder()
                                    .put(TARGET, now.config().shown(state.url().toString()))
                                    .build();
                            inFlight.record(state.inFlight(), target);
                            picks.record(state.picks(), target);
                            ejections.record(state.ejections(), target);
                        }
                    });
                },
                targets,
                panic,
                inFlight,
                picks,
                ejections,
                limit,
                waiting,
                shed);
    }

    private static void connections(Meter meter, Supplier<Generation> serving, Supplier<Map<URI, PoolState>> pools) {
        ObservableLongMeasurement connections = meter.gaugeBuilder("sallyport.target.connections")
                .ofLongs()
                .setDescription("Connections of HTTP/1.1 to a target by state: used, idle (kept for the next request).")
                .buildObserver();
        ObservableLongMeasurement pending = meter.gaugeBuilder("sallyport.target.pending")
                .ofLongs()
                .setDescription("Requests that wait for a connection of HTTP/1.1 to a target.")
                .buildObserver();
        meter.batchCallback(
                () -> pools.get().forEach((uri, state) -> {
                    Attributes target =
                            Attributes.of(TARGET, serving.get().config().shown(uri.toString()));
                    record(connections, target, "used", state.used());
                    record(connections, target, "idle", state.idle());
                    pending.record(state.waiting(), target);
                }),
                connections,
                pending);
    }

    private static void record(ObservableLongMeasurement targets, Attributes upstream, String state, long count) {
        targets.record(count, upstream.toBuilder().put(STATE, state).build());
    }

    private static long count(List<TargetGroup.State> states, boolean healthy, boolean ejected) {
        return states.stream()
                .filter(state -> state.healthy() == healthy && (state.ejectedFor() != null) == ejected)
                .count();
    }
}
