package dev.sallyport.kernel.plugin;

/**
 * What went wrong with a plugin, as one sentence that names it. It has no cause on purpose: an exception of a plugin's
 * class, or one with the plugin's frames, would keep its class loader from being collected.
 */
public final class PluginException extends Exception {

    public PluginException(String message) {
        super(message);
    }
}
