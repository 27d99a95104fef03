package dev.sallyport.kernel.step;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
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

    /** The request headers that it sets, in lower case. */
    public Set<String> ownedHeaders() {
        return context.ownedHeaders();
    }

    /** The scripts that it runs. */
    public List<LoadedScript> scripts() {
        return context.loadedScripts();
    }

    /**
     * Whether what it has from outside is still the same: its scripts, and its stores.
     *
     * @param stores those that there are now, by name
     */
    public boolean isCurrent(Map<String, Store> stores) {
        return context.isCurrent(stores);
    }
}
