package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A configuration that is valid as far as it can be known without making its steps, with all names resolved.
 *
 * @param config as it was written, includes added
 * @param before the steps before routing
 * @param routes all routes
 * @param upstreams all upstreams by name; one that a route gives as a URL is here under that URL
 * @param upstreamSteps the steps of the attempt, by upstream name
 * @param off the steps that are off, by the route's name, {@code *} or {@code upstream:} and a name: only what they own
 *     counts; places without any are left out
 * @param redaction keeps the values of references out of sight
 */
public record ResolvedConfig(
        GatewayConfig config,
        List<ResolvedRoute.ResolvedStep> before,
        List<ResolvedRoute> routes,
        Map<String, UpstreamConfig> upstreams,
        Map<String, List<ResolvedRoute.ResolvedStep>> upstreamSteps,
        Map<String, List<ResolvedRoute.ResolvedStep>> off,
        Redaction redaction) {

    /** How a value of this configuration is shown: as it was written, where a reference to a secret gave it. */
    public String shown(String value) {
        return redaction.shown(value);
    }

    /** The same of one value after the other, for what lives on when this configuration does not. */
    public UnaryOperator<String> shown() {
        return redaction::shown;
    }

    /** Whether the same values are shown as the same references. */
    public boolean hidesLike(ResolvedConfig other) {
        return redaction.hidesLike(other.redaction);
    }

    /** A text that others made of values of this configuration, with each that a reference gave shown as the reference. */
    public String hide(String text) {
        return redaction.hide(text);
    }

    /** Every step of every chain; one that stands in several routes once for each. */
    public List<ResolvedRoute.ResolvedStep> allSteps() {
        List<ResolvedRoute.ResolvedStep> all = new ArrayList<>(before);
        routes.forEach(route -> all.addAll(route.steps()));
        upstreamSteps.values().forEach(all::addAll);
        return all;
    }

    ResolvedConfig with(Redaction values) {
        return new ResolvedConfig(config, before, routes, upstreams, upstreamSteps, off, values);
    }
}
