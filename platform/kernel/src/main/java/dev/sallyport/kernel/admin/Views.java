package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.Canary;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Hold;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Trust;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway is doing, as JSON: the resources of the admin API. Settings of steps are shown as they were written. */
public final class Views {

    private static final JsonMapper JSON = new JsonMapper();

    private final Supplier<Generation> generation;
    private final History history;
    private final Plugins plugins;
    private final Supplier<Map<String, String>> refusedCommands;

    /**
     * @param generation the one that serves
     * @param refusedCommands why the last command on a plugin failed, by its id
     */
    public Views(
            Supplier<Generation> generation,
            History history,
            Plugins plugins,
            Supplier<Map<String, String>> refusedCommands) {
        this.generation = generation;
        this.history = history;
        this.plugins = plugins;
        this.refusedCommands = refusedCommands;
    }

    /** Adds all resources to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer("routes", this::routes, this::route)
                .offer("upstreams", this::upstreams, this::upstream)
                .offer("consumers", this::consumers, this::consumer)
                .offer("plugins", this::plugins, this::plugin)
                .offer("scripts", this::scripts)
                .offer("generations", this::generations, this::generation);
    }

    private ResolvedConfig config() {
        return generation.get().config();
    }

    private ArrayNode routes() {
        ArrayNode list = JSON.createArrayNode();
        ResolvedConfig config = config();
        config.routes().forEach(route -> list.add(json(config, route)));
        return list;
    }

    private @Nullable JsonNode route(String name) {
        ResolvedConfig config = config();
        return config.routes().stream()
                .filter(route -> route.route().name().equals(name))
                .findFirst()
                .map(route -> json(config, route))
                .orElse(null);
    }

    private static ObjectNode json(ResolvedConfig config, ResolvedRoute resolved) {
        GatewayConfig.Route route = resolved.route();
        ObjectNode json = JSON.createObjectNode();
        json.put("name", route.name());
        json.put("place", route.place().toString());
        ArrayNode matches = json.putArray("match");
        for (GatewayConfig.Match match : route.match()) {
            ObjectNode one = matches.addObject();
            put(config, one, "hosts", match.hosts());
            put(config, one, "paths", match.paths());
            put(config, one, "methods", match.methods());
            match.headers().forEach((name, value) -> one.withObject("headers").put(name, config.shown(value)));
            match.query().forEach((name, value) -> one.withObject("query").put(name, config.shown(value)));
        }
        ArrayNode steps = json.putArray("steps");
        for (ResolvedStep step : resolved.steps()) {
            ObjectNode one = steps.addObject()
                    .put("id", step.id())
                    .put("type", step.step().type())
                    .put("place", step.step().place().toString());
            if (step.step().keys().mode() == StepKeys.Mode.MONITOR) {
                one.put("mode", "monitor");
            }
            if (step.step().version() != null) {
                one.put("version", step.step().version());
            }
            Canary canary = step.step().keys().canary();
            if (canary != null) {
                one.put("canary", canary.told());
            }
        }
        json.put("upstream", resolved.told());
        if (resolved.upstreams().size() > 1) {
            ArrayNode split = json.putArray("split");
            resolved.upstreams()
                    .forEach(part -> split.addObject().put("to", part.name()).put("weight", part.weight()));
        }
        if (resolved.mirror() != null && route.mirror() != null) {
            json.putObject("mirror")
                    .put("to", resolved.mirror())
                    .put("share", route.mirror().share().toString());
        }
        put(config, json, "otherUpstreams", resolved.others());
        return json;
    }

    private static void put(ResolvedConfig config, ObjectNode json, String name, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = json.putArray(name);
            values.forEach(value -> list.add(config.shown(value)));
        }
    }

    private ArrayNode upstreams() {
        ArrayNode list = JSON.createArrayNode();
        Generation now = generation.get();
        now.config().upstreams().keySet().forEach(name -> list.add(UpstreamView.of(now, name)));
        return list;
    }

    private @Nullable JsonNode upstream(String name) {
        Generation now = generation.get();
        return now.config().upstreams().containsKey(name) ? UpstreamView.of(now, name) : null;
    }

    private ArrayNode consumers() {
        ArrayNode list = JSON.createArrayNode();
        ResolvedConfig config = config();
        for (GatewayConfig.ConsumerConfig consumer : config.config().consumers()) {
            ObjectNode one = list.addObject().put("name", consumer.name());
            ArrayNode groups = one.putArray("groups");
            consumer.groups().forEach(group -> groups.add(config.shown(group)));
            ObjectNode tags = one.putObject("tags");
            consumer.tags().forEach((tag, value) -> tags.put(tag, config.shown(value)));
            consumer.credentials().forEach(credential -> credential(one.withArray("credentials"), credential));
        }
        return list;
    }

    /** Its type, and what tells it from others; not what proves anything. */
    private static void credential(ArrayNode list, CredentialConfig credential) {
        ObjectNode one = list.addObject().put("type", credential.type());
        if (credential.config() instanceof ConfigNode.Mapping settings) {
            for (String key : List.of("id", "expires")) {
                if (settings.get(key) instanceof ConfigNode.Scalar value) {
                    one.put(key, value.written());
                }
            }
        }
    }

    private @Nullable JsonNode consumer(String name) {
        for (JsonNode each : consumers()) {
            if (each.path("name").asString("").equals(name)) {
                return each;
            }
        }
        return null;
    }

    /** Each version of each plugin. */
    public ArrayNode plugins() {
        ArrayNode list = JSON.createArrayNode();
        Catalogue catalogue = plugins.catalogue();
        LoaderReport loaders = plugins.report();
        catalogue.present().forEach(artefact -> list.add(json(artefact, catalogue, loaders)));
        catalogue
                .leaving()
                .keySet()
                .forEach(artefact -> list.add(json(artefact, catalogue, loaders).put("state", "leaving")));
        catalogue.refused().forEach(refused -> list.add(json(refused)));
        refusedCommands
                .get()
                .forEach((id, why) ->
                        list.addObject().put("id", id).put("state", "refused").put("reason", why));
        return list;
    }

    private static ObjectNode json(Catalogue.Refused refused) {
        ObjectNode json = JSON.createObjectNode().put("file", refused.file());
        Artefact artefact = refused.artefact();
        if (artefact != null) {
            json.put("id", artefact.id()).put("version", artefact.version()).put("sha256", artefact.sha256());
        }
        return json.put("state", refused.declined() ? "declined" : "refused").put("reason", refused.reason());
    }

    /** All versions of a plugin, also those that are not taken; null where there are none. */
    public @Nullable JsonNode plugin(String id) {
        ArrayNode versions = JSON.createArrayNode();
        plugins().forEach(plugin -> {
            if (id.equals(plugin.path("id").asString(""))) {
                versions.add(plugin);
            }
        });
        return versions.isEmpty() ? null : versions;
    }

    private ObjectNode json(Artefact artefact, Catalogue catalogue, LoaderReport loaders) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", artefact.id());
        json.put("version", artefact.version());
        json.put("sha256", artefact.sha256());
        json.put("provider", artefact.provider());
        json.put("licence", artefact.licence());
        signature(plugins.trust().judge(artefact), json);
        json.put("description", artefact.description());
        artefact.permissions().stream().sorted().forEach(json.putArray("permissions")::add);
        String author = plugins.changes().installedBy(artefact);
        json.put("from", author == null ? "folder" : "installed by " + author);
        ArrayNode types = json.putArray("types");
        artefact.extensions()
                .forEach(extension -> types.addObject()
                        .put("point", extension.point())
                        .put("type", extension.type())
                        .put("doc", extension.doc()));
        boolean offered = artefact.extensions().stream()
                .anyMatch(one -> artefact.equals(catalogue.artefact(one.point(), one.type(), null)));
        json.put("state", offered ? "serving" : "available");
        loaders.plugins().stream()
                .filter(loader -> loader.id().equals(artefact.id()))
                .findFirst()
                .ifPresent(loader -> json.putObject("loaders")
                        .put("live", loader.live().size())
                        .put("retired", loader.retired())
                        .put("unreclaimed", loader.unreclaimed().size()));
        return json;
    }

    /** Tells who vouches for a jar. */
    static void signature(Trust.Verdict verdict, ObjectNode json) {
        switch (verdict) {
            case Trust.Verdict.Signed signed -> json.put("signature", "good").put("publisher", signed.publisher());
            case Trust.Verdict.Listed _ -> json.put("signature", "listed");
            case Trust.Verdict.Unsigned _ -> json.put("signature", "none");
            case Trust.Verdict.Wrong wrong -> json.put("signature", "wrong").put("signatureReason", wrong.reason());
        }
    }

    /** The files that steps run or import, as they serve. */
    private ArrayNode scripts() {
        ArrayNode list = JSON.createArrayNode();
        GenerationRecord serves = history.find(generation.get().number());
        if (serves != null) {
            new TreeMap<>(serves.scripts())
                    .forEach(
                            (name, sha256) -> list.addObject().put("name", name).put("sha256", sha256));
        }
        return list;
    }

    /** All that can be gone back to, newest first; the first one serves. */
    private ArrayNode generations() {
        Generation now = generation.get();
        ArrayNode list = JSON.createArrayNode();
        for (GenerationRecord record : history.newestFirst()) {
            list.add(json(record, now));
        }
        return list;
    }

    private @Nullable JsonNode generation(String number) {
        Generation now = generation.get();
        return history.newestFirst().stream()
                .filter(record -> Integer.toString(record.number()).equals(number))
                .findFirst()
                .map(record -> json(record, now))
                .orElse(null);
    }

    private ObjectNode json(GenerationRecord record, Generation now) {
        boolean serving = record.number() == now.number();
        Hold hold = history.hold();
        ObjectNode json = JSON.createObjectNode()
                .put("number", record.number())
                .put("state", serving ? "serving" : "kept")
                .put("held", hold != null && hold.generation() == record.number())
                .put("at", record.at().toString())
                .put("author", record.author())
                .put("reason", record.reason())
                .put("message", record.message());
        if (record.rollbackTo() != null) {
            json.put("rollbackTo", record.rollbackTo());
        }
        record.changes().forEach(json.putArray("changes")::add);
        ArrayNode plugins = json.putArray("plugins");
        record.plugins()
                .forEach(plugin -> plugins.addObject()
                        .put("id", plugin.id())
                        .put("version", plugin.version())
                        .put("sha256", plugin.sha256()));
        if (serving) {
            json.put("exchanges", now.exchanges());
            now.degraded().forEach(json.putArray("degraded")::add);
        }
        return json;
    }
}
