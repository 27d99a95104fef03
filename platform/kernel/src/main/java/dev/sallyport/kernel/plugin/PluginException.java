package dev.sallyport.kernel.plugin;

/**
 * What went wrong with a plugin, as one sentence that names it. It has no cause on purpose: an exception of a plugin's
 * class, or one with the plugin's frames, would keep its class loader from being collected.
 */
public final class PluginException extends Exception {

    private final boolean late;

    public PluginException(String message) {
        this(message, false);
    }

    /** @param late whether it just took too long */
    PluginException(String message, boolean late) {
        super(message);
        this.late = late;
    }

    /** Whether it just took too long, so that something smaller, or later, may work. */
    public boolean isLate() {
        return late;
    }
}
