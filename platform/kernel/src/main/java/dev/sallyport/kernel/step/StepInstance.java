package dev.sallyport.kernel.step;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.script.LoadedScript;
import java.util.List;
import java.util.Set;

/**
 * A filter with what it was lent, shared by the generations that have its step: the last one to let it go closes it.
 * Counting is for one thread at a time, that which deploys.
 */
public final class StepInstance {

    private static final System.Logger LOG = System.getLogger("plugin");

    private final StepKey key;
    private final Filter filter;
    private final StepContext context;
    private final Runnable afterClose;
    private final LoadedArtefact plugin;
    private int holders;

    /**
     * @param plugin what made the filter
     * @param afterClose lets go of the plugin
     */
    StepInstance(StepKey key, Filter filter, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        this.key = key;
        this.filter = filter;
        this.context = context;
        this.plugin = plugin;
        this.afterClose = afterClose;
    }

    /** What makes it the same after a reload. */
    public StepKey key() {
        return key;
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

    /** Whether what it has read from outside, its scripts, is still the same. */
    public boolean isCurrent() {
        return context.isCurrent();
    }

    /** One more generation has it. */
    public void retain() {
        holders++;
    }

    /** A generation lets it go; the last one closes it. */
    public void release() {
        if (--holders > 0) {
            return;
        }
        try {
            if (!Defaults.has(filter, "close")) {
                plugin.call("closing " + key.state(), () -> {
                    filter.close();
                    return key;
                });
            }
        } catch (PluginException | ConfigException e) {
            LOG.log(System.Logger.Level.WARNING, String.valueOf(e.getMessage()));
        } finally {
            context.close();
            afterClose.run();
        }
    }
}
