package dev.sallyport.kernel.step;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin has made, with what it was lent, shared by all who hold it: the last one to let it go closes it. Counting is for
 * one thread at a time, that which deploys.
 */
abstract sealed class Held permits StepInstance, ServiceInstance {

    private static final System.Logger LOG = System.getLogger("plugin");

    final StepKey key;
    private final @Nullable AutoCloseable toClose;
    final StepContext context;
    final LoadedArtefact plugin;
    private final Runnable afterClose;
    private int holders;

    /**
     * @param toClose what is closed at the end; null where that is all in the context
     * @param plugin what has made it
     * @param afterClose lets go of the plugin
     */
    Held(
            StepKey key,
            @Nullable AutoCloseable toClose,
            StepContext context,
            LoadedArtefact plugin,
            Runnable afterClose) {
        this.key = key;
        this.toClose = toClose;
        this.context = context;
        this.plugin = plugin;
        this.afterClose = afterClose;
    }

    /** What makes it the same after a reload. */
    public final StepKey key() {
        return key;
    }

    /** One more holds it: a generation, or what watches it. */
    public final void retain() {
        holders++;
    }

    /** One lets it go; the last one closes it. */
    public final void release() {
        if (--holders > 0) {
            return;
        }
        try {
            if (toClose != null && !Defaults.has(toClose, "close")) {
                plugin.call("closing " + key.state(), () -> {
                    toClose.close();
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
