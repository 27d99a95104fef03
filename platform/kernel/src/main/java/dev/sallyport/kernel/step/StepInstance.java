package dev.sallyport.kernel.step;

import dev.sallyport.api.Filter;
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
    private final ClassLoader loader;
    private int holders;

    /**
     * @param loader the plugin's class loader, for the call of close
     * @param afterClose lets go of the plugin
     */
    StepInstance(StepKey key, Filter filter, StepContext context, ClassLoader loader, Runnable afterClose) {
        this.key = key;
        this.filter = filter;
        this.context = context;
        this.loader = loader;
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

    /** The request headers that it sets, in lower case. */
    public Set<String> ownedHeaders() {
        return context.ownedHeaders();
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
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            filter.close();
        } catch (Throwable t) { // a plugin's: text only, since a kept exception keeps its class loader
            LOG.log(System.Logger.Level.WARNING, "closing step {0}: {1}", key.state(), t.toString());
        } finally {
            thread.setContextClassLoader(before);
            context.close();
            afterClose.run();
        }
    }
}
