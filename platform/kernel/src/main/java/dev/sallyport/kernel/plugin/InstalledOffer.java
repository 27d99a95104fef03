package dev.sallyport.kernel.plugin;

import org.jspecify.annotations.Nullable;

/**
 * An artefact that was installed by command: no file of the plugins folder holds it, only the store.
 *
 * @param name such as {@code stamp 1.4.0 (installed)}
 * @param current null where the store's copy cannot be used any more
 * @param refusal why not, then
 */
record InstalledOffer(
        String name, @Nullable Artefact current, @Nullable String refusal) implements Offer {

    @Override
    public @Nullable Artefact before() {
        return null;
    }
}
