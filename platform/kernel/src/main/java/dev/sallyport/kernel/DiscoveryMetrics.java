package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.discovery.Feed;
import dev.sallyport.kernel.discovery.Found;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.function.Supplier;

/** The metrics of targets that are told rather than written out, read where the numbers are kept anyway. */
final class DiscoveryMetrics {

    private static final AttributeKey<String> UPSTREAM = AttributeKey.stringKey("upstream");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");

    private DiscoveryMetrics() {}

    static void register(Meter meter, Supplier<Generation> serving) {
        ObservableLongMeasurement targets = meter.gaugeBuilder("sallyport.discovery.targets")
                .ofLongs()
                .setDescription("Targets found, by state: current, or kept since the source is away.")
                .buildObserver();
        ObservableLongMeasurement lists = meter.counterBuilder("sallyport.discovery.refreshes")
                .setDescription("Lists that the source has told, the same again included.")
                .buildObserver();
        ObservableLongMeasurement failures = meter.counterBuilder("sallyport.discovery.failures")
                .setDescription("Times that the source could not be asked, or broke off.")
                .buildObserver();
        ObservableDoubleMeasurement age = meter.gaugeBuilder("sallyport.discovery.age")
                .setUnit("s")
                .setDescription(
                        "How long ago the source has told a list, or was first asked; some tell none while nothing"
                                + " changes.")
                .buildObserver();
        meter.batchCallback(
                () -> serving.get().discovered().feeds().forEach((name, feed) -> {
                    Attributes upstream = Attributes.of(UPSTREAM, name);
                    record(targets, upstream, feed);
                    lists.record(feed.lists(), upstream);
                    failures.record(feed.failures(), upstream);
                    age.record(feed.age().toNanos() / 1e9, upstream);
                }),
                targets,
                lists,
                failures,
                age);
    }

    private static void record(ObservableLongMeasurement targets, Attributes upstream, Feed feed) {
        Found found = feed.found();
        int known = found.endpoints() == null ? 0 : found.endpoints().size();
        boolean away = found.away() != null;
        targets.record(
                away ? 0 : known, upstream.toBuilder().put(STATE, "current").build());
        targets.record(away ? known : 0, upstream.toBuilder().put(STATE, "kept").build());
    }
}
