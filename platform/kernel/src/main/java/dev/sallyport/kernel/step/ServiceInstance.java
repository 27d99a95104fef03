package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.Store;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import org.jspecify.annotations.Nullable;

/** A service, held by the generations that have it, by what watches it, and by what asks it for secrets. */
public final class ServiceInstance extends Held {

    private final Object made;

    /** For the deploying thread. */
    private boolean awaited;

    /** @param made a {@link Discovery}, {@link Exporter}, {@link Store}, {@link GivenSecrets} or {@link GivenPages} */
    ServiceInstance(StepKey key, Object made, StepContext context, LoadedArtefact plugin, Runnable afterClose) {
        super(key, toClose(made), context, plugin, afterClose);
        this.made = made;
    }

    private static @Nullable AutoCloseable toClose(Object made) {
        return switch (made) {
            case Discovery discovery -> discovery;
            case GivenSecrets secrets -> secrets;
            case GivenPages pages -> pages;
            default -> null; // an exporter or a store has given what is to be closed to its context
        };
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

    /** What carries telemetry outside; null where it is something else. */
    public @Nullable Exporter exporter() {
        Object itself = made instanceof GivenPages pages ? pages.pages() : made;
        return itself instanceof Exporter exporter ? exporter : null;
    }

    /** What serves pages on the admin address; null where it is something else. */
    public @Nullable GivenPages pages() {
        return made instanceof GivenPages pages ? pages : null;
    }

    /** What gives secrets; null where it is something else. */
    @Nullable
    GivenSecrets secrets() {
        return made instanceof GivenSecrets secrets ? secrets : null;
    }

    /** Whether it is a store for which nobody has waited yet; from now on somebody does. */
    boolean beginToAwait() {
        boolean first = !awaited;
        awaited = true;
        return first && made instanceof Store;
    }

    /** What does not work now, in a sentence; null where that is nothing. */
    public @Nullable String trouble() {
        try {
            String trouble = switch (made) {
                case Store store -> store.trouble();
                case Exporter exporter -> exporter.trouble();
                case GivenSecrets secrets -> secrets.trouble();
                case GivenPages pages -> pages.pages().trouble();
                default -> null; // the lists of a discovery tell
            };
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
