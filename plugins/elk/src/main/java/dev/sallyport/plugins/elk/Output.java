package dev.sallyport.plugins.elk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where records go. Used by one thread at a time, but for {@link #close}, which any thread may call to end a send that hangs. */
interface Output extends AutoCloseable {

    /**
     * Sends records and waits until they have arrived, or it is known that they have not. Never throws for what the destination or
     * the network does.
     *
     * @param entries one or more
     * @param doubt whether they may have arrived already; null where not
     */
    Outcome send(List<Entry> entries, @Nullable Doubt doubt);

    /** Where the last ones went, so that it can be asked later whether others went there; null where nobody can be asked. */
    default @Nullable String place() {
        return null;
    }

    /** What it does beside sending, now and then, when nothing is in the way. */
    default void tend() {}

    @Override
    void close();
}
