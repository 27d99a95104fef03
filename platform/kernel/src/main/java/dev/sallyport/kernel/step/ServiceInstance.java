package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Store;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import org.jspecify.annotations.Nullable;

/** A service, held by the generations that have it and by what watches it. */
public final class ServiceInstance extends Held {

    private final Object made;

    private ServiceInstance(
            StepKey key,
            Object made,
            @Nullable AutoCloseable toClose,
            StepContext context,
            LoadedArtefact plugin,
            Runnable afterClose) {
        super(key, toClose, context, plugin, afterClose);
        this.made = made;
    }

    static ServiceInstance of(
            StepKey key, Discovery discovery, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        return new ServiceInstance(key, discovery, discovery, context, plugin, afterClose);
    }

    static ServiceInstance of(
            StepKey key, Store store, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        return new ServiceInstance(key, store, null, context, plugin, afterClose);
    }

    /** What finds targets; the configuration was checked for it that this is one that does. */
    public Discovery discovery() {
        return (Discovery) made;
    }

    /** The store; null where it is something else. */
    @Nullable
    Store store() {
        return made instanceof Store store ? store : null;
    }

    /** What does not work now, in a sentence; null where that is nothing. */
    public @Nullable String trouble() {
        Store store = store();
        try {
            String trouble = store == null ? null : store.trouble();
            return trouble == null ? null : "service " + context.name() + ": " + trouble;
        } catch (RuntimeException e) {
            return "service " + context.name() + ": it fails to say what is wrong with it: " + e;
        }
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
