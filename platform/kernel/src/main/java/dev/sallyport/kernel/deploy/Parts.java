package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.Destination;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.config.Step;
import dev.sallyport.kernel.step.ConfigDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A digest of each part of a configuration, of what is written there: it tells which parts a change touches. */
final class Parts {

    private Parts() {}

    /** By name: {@code route orders}, {@code upstream orders}, {@code listener web}, {@code consumer mobile}. */
    static Map<String, String> of(ResolvedConfig resolved) {
        GatewayConfig config = resolved.config();
        Map<String, String> parts = new TreeMap<>();
        if (!resolved.before().isEmpty()) {
            parts.put("the steps before routing", steps(ConfigDigest.ofWritten(), resolved.before()));
        }
        for (ResolvedRoute route : resolved.routes()) {
            ConfigDigest digest = ConfigDigest.ofWritten()
                    .add("upstream", route.upstreams().toString())
                    .add("mirror", mirror(route.route().mirror()))
                    .add("timeouts", String.valueOf(route.route().timeouts()));
            route.route().match().forEach(match -> add(digest, match));
            parts.put("route " + route.route().name(), steps(digest, route.steps()));
        }
        resolved.upstreams().forEach((name, upstream) -> {
            ConfigDigest digest = ConfigDigest.ofWritten()
                    .add("balance", upstream.balance().toString())
                    .add("host", upstream.host())
                    .add("protocol", upstream.protocol().toString())
                    .add("tls", upstream.tls().toString())
                    .add("timeouts", upstream.timeouts().toString())
                    .add("connections", Integer.toString(upstream.maxConnections()))
                    .add("pending", Integer.toString(upstream.maxPending()))
                    .add("keepAlive", upstream.keepAlive().toString())
                    .add("health", String.valueOf(upstream.health()))
                    .add("outliers", String.valueOf(upstream.outliers()))
                    .add("panic", upstream.panic().toString())
                    .add("slowStart", String.valueOf(upstream.slowStart()))
                    .add("requests", String.valueOf(upstream.maxRequests()))
                    .add("concurrency", String.valueOf(upstream.adaptiveConcurrency()));
            if (upstream.discover() != null) {
                digest.add("discover", upstream.discover().toString());
            }
            upstream.targets()
                    .forEach(target -> digest.add(
                            "target", target.url() + " " + target.weight() + (target.backup() ? " backup" : "")));
            parts.put("upstream " + name, steps(digest, resolved.upstreamSteps().getOrDefault(name, List.of())));
        });
        for (ListenerConfig listener : config.listeners()) {
            parts.put(
                    "listener " + listener.name(),
                    ConfigDigest.ofWritten()
                            .add("address", listener.address().toString())
                            .add("protocols", listener.protocols().toString())
                            .add("proxies", String.valueOf(listener.trustedProxies()))
                            .add("path", listener.path().toString())
                            .add("idle", listener.idle().toString())
                            .hex());
        }
        for (ServiceConfig service : config.services()) {
            parts.put(
                    "service " + service.name(),
                    ConfigDigest.ofWritten()
                            .add("type", service.type())
                            .add("version", orNone(service.version()))
                            .add(service.config())
                            .hex());
        }
        for (GatewayConfig.ConsumerConfig consumer : config.consumers()) {
            parts.put("consumer " + consumer.name(), consumer(consumer));
        }
        return parts;
    }

    private static String mirror(Destination.@Nullable Mirror mirror) {
        return mirror == null
                ? ""
                : mirror.to() + " " + mirror.share() + " " + mirror.maxBody() + " " + mirror.inFlight();
    }

    private static String consumer(GatewayConfig.ConsumerConfig consumer) {
        ConfigDigest digest = ConfigDigest.ofWritten()
                .add("groups", consumer.groups().toString())
                .add("tags", new TreeMap<>(consumer.tags()).toString());
        for (CredentialConfig credential : consumer.credentials()) {
            digest.add("credential", credential.type()).add(credential.config());
        }
        return digest.hex();
    }

    private static void add(ConfigDigest digest, GatewayConfig.Match match) {
        digest.add("hosts", match.hosts().toString())
                .add("paths", match.paths().toString())
                .add("methods", match.methods().toString())
                .add("headers", new TreeMap<>(match.headers()).toString())
                .add("query", new TreeMap<>(match.query()).toString());
    }

    private static String steps(ConfigDigest digest, List<ResolvedStep> steps) {
        for (ResolvedStep resolved : steps) {
            Step.Configured step = resolved.step();
            digest.add("step", resolved.id())
                    .add("type", step.type())
                    .add("version", orNone(step.version()))
                    .add("share", orNone(step.keys().share()))
                    .add("onError", step.keys().onError().name());
            Canary canary = step.keys().canary();
            if (canary != null) {
                add(digest, canary);
            }
            resolved.when().forEach(any -> any.forEach(match -> add(digest, match)));
            ConfigNode settings = step.config();
            digest.add(settings);
        }
        return digest.hex();
    }

    private static void add(ConfigDigest digest, Canary canary) {
        digest.add("canary", orNone(canary.version()))
                .add("share", String.valueOf(canary.share()))
                .add("by", String.valueOf(canary.by()))
                .add("consumers", canary.consumers().toString())
                .add("rule", String.valueOf(canary.rule()));
        canary.when().forEach(match -> add(digest, match));
        ConfigNode settings = canary.config();
        if (settings != null) {
            digest.add(settings);
        }
    }

    private static String orNone(@Nullable String text) {
        return text == null ? "" : text;
    }
}
