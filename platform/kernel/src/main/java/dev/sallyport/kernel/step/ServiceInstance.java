package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;

/**
 * A service with what it was lent, shared by the generations that have it: the last one to let it go closes it. Counting is
 * for one thread at a time, that which deploys.
 */
public final class ServiceInstance {

    private static final System.Logger LOG = System.getLogger("plugin");

    private final String name;
    private final StepKey key;
    private final Discovery discovery;
    private final StepContext context;
    private final LoadedArtefact plugin;
    private final Runnable afterClose;
    private int holders;

    ServiceInstance(
            String name,
            StepKey key,
            Discovery discovery,
            StepContext context,
            LoadedArtefact plugin,
            Runnable afterClose) {
        this.name = name;
        this.key = key;
        this.discovery = discovery;
        this.context = context;
        this.plugin = plugin;
        this.afterClose = afterClose;
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** What makes it the same after a reload. */
    public StepKey key() {
        return key;
    }

    /** What finds targets. */
    public Discovery discovery() {
        return discovery;
    }

    /**
     * A thread that runs the plugin's code for as long as that likes; not started yet.
     *
     * @throws PluginException where the plugin is unloaded
     */
    public Thread thread(String threadName, Runnable action) throws PluginException {
        return plugin.thread(threadName, action);
    }

    /** One more holds it: a generation, or what watches it. */
    public void retain() {
        holders++;
    }

    /** One lets it go; the last one closes it. */
    public void release() {
        if (--holders > 0) {
            return;
        }
        try {
            plugin.call("closing the service " + name, () -> {
                discovery.close();
                return key;
            });
        } catch (PluginException | ConfigException e) {
            LOG.log(System.Logger.Level.WARNING, String.valueOf(e.getMessage()));
        } finally {
            context.close();
            afterClose.run();
        }
    }
}
