package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.doctor.HeapPath;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.script.ScriptService;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/doctor}: which plugins are in memory, which should not be, and what keeps them. */
public final class DoctorView {

    private static final JsonMapper JSON = new JsonMapper();

    private final Plugins plugins;
    private final Supplier<Generation> serving;
    private final Supplier<? extends Collection<LiveExchange>> exchanges;
    private final ScriptService scripts;

    /**
     * @param serving the generation that serves
     * @param exchanges those under way
     */
    public DoctorView(
            Plugins plugins,
            Supplier<Generation> serving,
            Supplier<? extends Collection<LiveExchange>> exchanges,
            ScriptService scripts) {
        this.plugins = plugins;
        this.serving = serving;
        this.exchanges = exchanges;
        this.scripts = scripts;
    }

    /** Adds {@code /v1/doctor}, and {@code POST /v1/doctor/heap} for a look into the heap. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.get(
                        "doctor",
                        "/v1/doctor",
                        "Which plugins are in memory, which should not be, and what keeps them.",
                        call -> Answer.json(200, json().toString())))
                .offer(Resource.of(
                        "searchHeap",
                        "POST",
                        "/v1/doctor/heap",
                        Role.ADMIN,
                        "Searches a dump of the heap for what keeps them; everything stands still meanwhile.",
                        call -> Answer.json(200, heap().toString())));
    }

    private JsonNode heap() throws IOException {
        ArrayNode list = JSON.createArrayNode();
        for (HeapPath path : plugins.heapPaths()) {
            ObjectNode one = list.addObject().put("plugin", path.plugin()).put("root", path.root());
            path.path().forEach(one.putArray("path")::add);
            one.put("mend", path.mend());
        }
        return list;
    }

    private JsonNode json() {
        LoaderReport now = plugins.report();
        ObjectNode json = JSON.createObjectNode();
        ArrayNode all = json.putArray("plugins");
        now.plugins().forEach(plugin -> all.add(json(plugin)));
        ArrayNode metaspace = json.putArray("metaspace");
        now.metaspace()
                .forEach(sample -> metaspace
                        .addObject()
                        .put("at", sample.at().toString())
                        .put("retired", sample.retired())
                        .put("used", sample.used()));
        json.set("draining", draining());
        ScriptService.About about = scripts.about();
        if (about != null) {
            json.putObject("scripts")
                    .put("engine", about.version())
                    .put("compiled", about.compiled())
                    .put("contexts", about.contexts());
        }
        return json;
    }

    private static ObjectNode json(LoaderReport.Plugin plugin) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", plugin.id());
        ArrayNode live = json.putArray("live");
        plugin.live()
                .forEach(one -> live.addObject()
                        .put("version", one.version())
                        .put("sha256", one.sha256())
                        .put("since", one.since().toString()));
        json.put("retired", plugin.retired());
        ArrayNode unreclaimed = json.putArray("unreclaimed");
        plugin.unreclaimed()
                .forEach(one -> unreclaimed
                        .addObject()
                        .put("version", one.version())
                        .put("sha256", one.sha256())
                        .put("since", one.since().toString())
                        .put("leaked", one.leaked()));
        json.put("leaked", plugin.leaked());
        ObjectNode counts = json.putObject("leftBehind");
        new TreeMap<>(plugin.counts()).forEach((kind, count) -> counts.put(kind.toString(), count));
        ArrayNode findings = json.putArray("findings");
        plugin.findings()
                .forEach(noted -> findings.addObject()
                        .put("at", noted.at().toString())
                        .put("plugin", noted.finding().plugin())
                        .put("kind", noted.finding().kind().toString())
                        .put("healed", noted.finding().healed())
                        .put("text", noted.finding().toString()));
        return json;
    }

    /** Generations that serve no more, and whose exchanges keep their plugins loaded. */
    private ArrayNode draining() {
        int serves = serving.get().number();
        Map<Integer, List<LiveExchange>> old = exchanges.get().stream()
                .filter(exchange -> exchange.generation().number() != serves)
                .collect(Collectors.groupingBy(
                        exchange -> exchange.generation().number(), TreeMap::new, Collectors.toList()));
        ArrayNode list = JSON.createArrayNode();
        old.forEach((number, held) -> {
            ObjectNode one = list.addObject().put("generation", number).put("exchanges", held.size());
            held.stream()
                    .map(LiveExchange::startedAt)
                    .min(Instant::compareTo)
                    .ifPresent(oldest -> one.put("oldest", oldest.toString()));
            ArrayNode routes = one.putArray("routes");
            held.stream()
                    .map(LiveExchange::route)
                    .filter(Objects::nonNull)
                    .distinct()
                    .sorted()
                    .forEach(routes::add);
        });
        return list;
    }
}
