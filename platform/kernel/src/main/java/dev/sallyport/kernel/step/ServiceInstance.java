package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;

/** A service, held by the generations that have it and by what watches it. */
public final class ServiceInstance extends Held<Discovery> {

    ServiceInstance(StepKey key, Discovery discovery, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        super(key, discovery, context, plugin, afterClose);
    }

    /** What finds targets. */
    public Discovery discovery() {
        return made;
    }

    /**
     * A thread that runs the plugin's code for as long as that likes; not started yet.
     *
     * @throws PluginException where the plugin is unloaded
     */
    public Thread thread(String threadName, Runnable action) throws PluginException {
        return plugin.thread(threadName, action);
    }
}
