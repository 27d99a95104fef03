package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.plugin.Artefact;
import org.jspecify.annotations.Nullable;

/** Decides whether an uploaded plugin is trusted. Asked by one thread at a time. */
@FunctionalInterface
public interface Trust {

    /**
     * Why an artefact is not trusted; null where it is.
     *
     * @param envelope a publisher's signed statement on it, as it was sent; null for none
     */
    @Nullable
    String whyNot(Artefact artefact, byte @Nullable [] envelope);
}
