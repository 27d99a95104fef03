package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.SameRoutes;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.config.Step;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.step.ConfigDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A digest of each part of a configuration, of what is written there: it tells which parts a change touches. */
final class Parts {

    /** What the steps of a chain tell, as they are resolved. */
    private static final Set<String> TOLD_BY_STEPS = Set.of("name", "skip", "plugins");

    private static final String ROUTE = "route ";

    private Parts() {}

    /** The same parts, and the includes whose last good content stands in them. */
    static Map<String, String> withHeldBack(Map<String, String> parts, List<String> includes) {
        if (includes.isEmpty()) {
            return parts;
        }
        Map<String, String> all = new TreeMap<>(parts);
        includes.forEach(include -> all.put(GenerationRecord.HELD_BACK + include, "held back"));
        return all;
    }

    /** By name: {@code route orders}, {@code upstream orders}, {@code listener web}, {@code consumer mobile}, {@code setting log}. */
    static Map<String, String> of(ResolvedConfig resolved) {
        return of(resolved, List.of(), Map.of());
    }

    /**
     * The same, where much is as it was.
     *
     * @param before routes of which the digests are known; others of these names may be in the configuration now
     * @param known those digests, and others, by part
     */
    static Map<String, String> of(ResolvedConfig resolved, List<ResolvedRoute> before, Map<String, String> known) {
        FlatMap digests = FlatMap.copyOf(known);
        SameRoutes same = new SameRoutes(before);
        BitSet kept = new BitSet(before.size());
        List<ResolvedRoute> others = new ArrayList<>();
        for (ResolvedRoute route : resolved.routes()) {
            int at = same.find(route);
            if (at < 0) {
                others.add(route);
            } else {
                kept.set(at);
            }
        }
        Map<String, ResolvedRoute> left = new HashMap<>();
        for (int at = kept.nextClearBit(0); at < before.size(); at = kept.nextClearBit(at + 1)) {
            left.put(ROUTE + before.get(at).route().name(), before.get(at));
        }
        SortedMap<String, String> parts = besideRoutes(resolved);
        for (ResolvedRoute route : others) {
            String name = ROUTE + route.route().name();
            String digest = route.equals(left.get(name)) ? digests.get(name) : null;
            parts.put(name, digest == null ? digest(route) : digest);
        }
        Set<String> gone = digests.namesWithout(ROUTE);
        gone.addAll(left.keySet());
        gone.removeAll(parts.keySet());
        FlatMap all = digests.edited(gone, parts);
        if (all.count(ROUTE) == resolved.routes().size()) {
            return all;
        }
        resolved.routes()
                .forEach(route -> parts.put(ROUTE + route.route().name(), digest(route))); // not all were known
        return parts;
    }

    private static String digest(ResolvedRoute route) {
        ConfigDigest digest = RecordDigest.add(
                ConfigDigest.ofWritten().add("upstream", route.upstreams().toString()), route.route(), TOLD_BY_STEPS);
        return steps(digest, route.steps());
    }

    private static SortedMap<String, String> besideRoutes(ResolvedConfig resolved) {
        GatewayConfig config = resolved.config();
        SortedMap<String, String> parts = new TreeMap<>();
        if (!resolved.before().isEmpty()) {
            parts.put("the steps before routing", steps(ConfigDigest.ofWritten(), resolved.before()));
        }
        resolved.upstreams().forEach((name, upstream) -> {
            ConfigDigest digest = RecordDigest.add(ConfigDigest.ofWritten(), upstream, TOLD_BY_STEPS);
            parts.put("upstream " + name, steps(digest, resolved.upstreamSteps().getOrDefault(name, List.of())));
        });
        for (ListenerConfig listener : config.listeners()) {
            parts.put(
                    "listener " + listener.name(),
                    RecordDigest.add(ConfigDigest.ofWritten(), listener, Set.of())
                            .hex());
        }
        settings(config)
                .forEach((name, value) -> parts.put(
                        "setting " + name,
                        RecordDigest.add(ConfigDigest.ofWritten(), value, Set.of())
                                .hex()));
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

    private static Map<String, Object> settings(GatewayConfig config) {
        return Map.of(
                "admin", config.admin(),
                "status", config.status(),
                "requestId", config.requestId(),
                "log", config.log(),
                "drain", config.drain(),
                "limits", config.limits(),
                "folders", config.folders(),
                "trust", config.trust());
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

    private static void add(ConfigDigest digest, GatewayConfig.When when) {
        add(digest, when.match());
        if (when.condition() != null) {
            digest.add("if", when.condition().toString());
        }
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
            if (step.keys().mode() == StepKeys.Mode.MONITOR) {
                digest.add("mode", "monitor");
            }
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
