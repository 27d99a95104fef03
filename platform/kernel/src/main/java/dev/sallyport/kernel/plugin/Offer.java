package dev.sallyport.kernel.plugin;

import org.jspecify.annotations.Nullable;

/** Something that offers an artefact: a file of the plugins folder, or what was installed by command. */
sealed interface Offer permits DroppedFile, InstalledOffer {

    /** How people know it: the file's name. */
    String name();

    /** What it holds; null while that is unknown or nothing that can be taken. */
    @Nullable
    Artefact current();

    /** What it held that served before; it stays while the present content is not taken. */
    @Nullable
    Artefact before();

    /** Why its content is not taken; null where it is, or is not read yet. */
    @Nullable
    String refusal();
}
