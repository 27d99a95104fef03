package dev.sallyport.kernel.step;

import dev.sallyport.api.Command;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Json;
import dev.sallyport.api.Query;
import dev.sallyport.api.Request;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.script.LoadedScript;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A filter, held by the generations that have its step. */
public final class StepInstance extends Held {

    private final Filter filter;

    StepInstance(StepKey key, Filter filter, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        super(key, filter, context, plugin, afterClose);
        this.filter = filter;
    }

    /** The filter. */
    public Filter filter() {
        return filter;
    }

    /** The version of its plugin. */
    public Artefact artefact() {
        return plugin.artefact();
    }

    /** What it says that it would do with a request: asked with a time limit, and told also where it fails to say. */
    public Explanation explain(Request request) {
        if (Defaults.has(filter, "explain", Request.class)) {
            return new Explanation.Unknown("");
        }
        try {
            Explanation told = plugin.call("explaining " + key.state(), () -> filter.explain(request));
            return told == null ? new Explanation.Unknown("it said null (expected: an explanation)") : told;
        } catch (PluginException | ConfigException e) {
            return new Explanation.Unknown(String.valueOf(e.getMessage()));
        }
    }

    /** Whether there is anything to see of its state, or to have it do. */
    public boolean isOperable() {
        return !Defaults.has(filter, "state") || !Defaults.has(filter, "commands") || !Defaults.has(filter, "queries");
    }

    /** What it shows of its state: an object as JSON. */
    public String state() throws PluginException {
        return plugin.call("reading the state of " + key.state(), () -> Json.write(filter.state()));
    }

    /** What it can be told to do: what each does, by name. */
    public Map<String, String> commands() throws PluginException {
        return plugin.call("reading the commands of " + key.state(), () -> {
            Map<String, String> docs = new TreeMap<>();
            filter.commands().forEach(command -> docs.put(command.name(), command.doc()));
            return docs;
        });
    }

    /**
     * Has it do something.
     *
     * @param on the part of its state that is meant; null for all of it
     * @return what has become of it
     * @throws ConfigException where it cannot be done, saying why
     */
    public String tell(String command, @Nullable String on) throws PluginException {
        return plugin.call("telling " + key.state() + " to " + command, () -> {
            List<Command> all = filter.commands();
            Command told = all.stream()
                    .filter(each -> each.name().equals(command))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException(
                            "command",
                            command + " (expected: one of "
                                    + all.stream().map(Command::name).sorted().toList() + ")"));
            try {
                return String.valueOf(told.action().run(on));
            } catch (IllegalArgumentException refused) {
                throw new ConfigException("on", String.valueOf(refused.getMessage()));
            }
        });
    }

    /** What it can be asked, by name. */
    public Map<String, Query> queries() throws PluginException {
        return plugin.call("reading the queries of " + key.state(), () -> {
            Map<String, Query> all = new TreeMap<>();
            filter.queries().forEach(query -> all.put(query.name(), query));
            return all;
        });
    }

    /**
     * Asks it something.
     *
     * @param given parameters, by name
     * @return its answer: an object as JSON
     * @throws ConfigException where it has no such query, or a parameter is not what it should be
     * @throws Query.BusyException where it cannot answer just now
     */
    public String ask(String query, Map<String, String> given) throws PluginException, Query.BusyException {
        return switch (asked(query, given)) {
            case Asked.Answer(String json) -> json;
            case Asked.Busy(String reason) -> throw new Query.BusyException(reason); // without the frames of the plugin
        };
    }

    private sealed interface Asked {
        record Answer(String json) implements Asked {}

        record Busy(String reason) implements Asked {}
    }

    private Asked asked(String query, Map<String, String> given) throws PluginException {
        return plugin.call("asking " + key.state() + " for " + query, () -> {
            List<Query> all = filter.queries();
            Query asked = all.stream()
                    .filter(each -> each.name().equals(query))
                    .findFirst()
                    .orElseThrow(() -> new ConfigException(
                            "query",
                            query + " (expected: one of "
                                    + all.stream().map(Query::name).sorted().toList() + ")"));
            List<String> known =
                    asked.parameters().stream().map(Query.Parameter::name).toList();
            for (String name : given.keySet()) {
                if (!known.contains(name)) {
                    throw new ConfigException(
                            name, "is no parameter of " + query + " (expected: one of " + known + ")");
                }
            }
            try {
                return new Asked.Answer(Json.write(asked.action().answer(given)));
            } catch (Query.BusyException e) {
                return new Asked.Busy(String.valueOf(e.getMessage()));
            }
        });
    }

    /** The request headers that it sets, in lower case. */
    public Set<String> ownedHeaders() {
        return context.ownedHeaders();
    }

    /** The scripts that it runs. */
    public List<LoadedScript> scripts() {
        return context.loadedScripts();
    }

    /**
     * Whether what it has from outside of its settings is the same: its stores, its scripts, the consumers that it has asked
     * for.
     *
     * @param stores those that there are now, by name
     * @param consumers those that there are now, by name
     */
    boolean isCurrent(Map<String, Store> stores, Function<String, @Nullable Consumer> consumers) {
        return context.isCurrent(stores, consumers);
    }
}
