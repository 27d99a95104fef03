package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.SlowExchanges;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.http.Descriptors;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.upstream.UpstreamClients;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The gateway's own metrics that are read where the numbers are kept anyway: nothing is counted for them. */
final class GatewayMetrics {

    private static final AttributeKey<String> PLUGIN = AttributeKey.stringKey("plugin");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
    private static final AttributeKey<String> LISTENER = AttributeKey.stringKey("listener");
    private static final AttributeKey<String> LIMIT = AttributeKey.stringKey("limit");
    private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");

    private final Meter meter;

    private GatewayMetrics(Meter meter) {
        this.meter = meter;
    }

    /** @param meter the gateway's own */
    static void register(
            Meter meter,
            Deployer deployer,
            Listeners listeners,
            Plugins plugins,
            Watchdog watchdog,
            SlowSteps slowSteps,
            SlowExchanges slowExchanges,
            UpstreamClients upstreams) {
        GatewayMetrics metrics = new GatewayMetrics(meter);
        metrics.gauge(
                "sallyport.generation",
                "The number of the generation that serves.",
                () -> deployer.generation().number());
        metrics.gauge(
                "sallyport.exchanges.in_flight",
                "Exchanges under way.",
                () -> listeners.exchanges().size());
        metrics.clients(listeners);
        metrics.gauge("process.open_fds", "File descriptors that the process has.", Descriptors::open);
        metrics.gauge("process.max_fds", "File descriptors that it may have.", Descriptors::most);
        metrics.counter("sallyport.changes.applied", "Changes that serve or served.", deployer::applied);
        metrics.counter("sallyport.changes.refused", "Changes that were refused.", deployer::refused);
        metrics.counter(
                "sallyport.slow_steps",
                "Times that a request stayed in a step for longer than limits.stepTime.",
                slowSteps::count);
        metrics.counter(
                "sallyport.slow_requests",
                "Requests that took longer than log.slowRequests to the head of their response.",
                slowExchanges::count);
        metrics.counter("sallyport.stalls", "Times that exchanges waited for a carrier.", watchdog::stalls);
        metrics.gauge("sallyport.extra_carriers", "Carriers added for steps that hog theirs.", watchdog::extraCarriers);
        metrics.doctor(plugins::report);
        UpstreamMetrics.register(meter, deployer::generation, upstreams::pools);
        DiscoveryMetrics.register(meter, deployer::generation);
    }

    private void gauge(String name, String description, LongSupplier value) {
        meter.gaugeBuilder(name)
                .ofLongs()
                .setDescription(description)
                .buildWithCallback(now -> now.record(value.getAsLong()));
    }

    private void counter(String name, String description, LongSupplier value) {
        meter.counterBuilder(name).setDescription(description).buildWithCallback(now -> now.record(value.getAsLong()));
    }

    /** How clients keep to the limits of listeners. */
    private void clients(Listeners listeners) {
        meter.gaugeBuilder("sallyport.connections")
                .ofLongs()
                .setDescription("Connections of clients.")
                .buildWithCallback(
                        now -> listeners.connections().forEach((name, count) -> now.record(count, listener(name))));
        meter.counterBuilder("sallyport.limits.met")
                .setDescription("Requests and connections that a limit of their listener has refused or cut off.")
                .buildWithCallback(now -> {
                    for (String name : listeners.limitHits().listeners()) {
                        listeners
                                .limitHits()
                                .forEach(
                                        name,
                                        (limit, count) ->
                                                now.record(count, Attributes.of(LISTENER, name, LIMIT, limit.key())));
                    }
                });
    }

    private static Attributes listener(String name) {
        return Attributes.of(LISTENER, name);
    }

    /** What the doctor knows of plugins that should be gone. */
    private void doctor(Supplier<LoaderReport> report) {
        ObservableLongMeasurement loaders = meter.gaugeBuilder("sallyport.plugin.loaders")
                .ofLongs()
                .setDescription("Class loaders of plugins: live, unreclaimed (closed, not collected yet), leaked.")
                .buildObserver();
        ObservableLongMeasurement retired = meter.counterBuilder("sallyport.plugin.loaders.retired")
                .setDescription("Class loaders of plugins that were closed.")
                .buildObserver();
        ObservableLongMeasurement left = meter.counterBuilder("sallyport.plugin.left_behind")
                .setDescription(
                        "Things that unloaded plugins left behind, by kind; the gateway took away what it could.")
                .buildObserver();
        meter.batchCallback(
                () -> report.get().plugins().forEach(plugin -> {
                    loaders.record(plugin.live().size(), of(plugin, STATE, "live"));
                    loaders.record(plugin.unreclaimed().size(), of(plugin, STATE, "unreclaimed"));
                    loaders.record(plugin.leaked(), of(plugin, STATE, "leaked"));
                    retired.record(plugin.retired(), Attributes.of(PLUGIN, plugin.id()));
                    plugin.counts().forEach((kind, count) -> left.record(count, of(plugin, KIND, kind.toString())));
                }),
                loaders,
                retired,
                left);
    }

    private static Attributes of(LoaderReport.Plugin plugin, AttributeKey<String> key, String value) {
        return Attributes.of(PLUGIN, plugin.id(), key, value);
    }
}
