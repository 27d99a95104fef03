package dev.sallyport.kernel.config;

/** Finds where a key stands in what was written. */
public final class KeyPlace {

    private KeyPlace() {}

    /** The place of the value at a path such as {@code limits.cpu}; of the whole where it is not there. */
    public static Place of(ConfigNode node, String key) {
        ConfigNode found = Sources.find(node, key);
        return found == null ? node.place() : found.place();
    }
}
