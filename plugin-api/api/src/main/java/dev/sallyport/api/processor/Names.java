package dev.sallyport.api.processor;

import java.util.Locale;

/** How Java's names are written in the configuration. */
final class Names {

    private Names() {}

    /** {@code ConsistentHash} and {@code CONSISTENT_HASH} are {@code consistent-hash}. */
    static String kebab(String name) {
        return name.replace('_', '-')
                .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .replaceAll("([A-Z])([A-Z][a-z])", "$1-$2")
                .toLowerCase(Locale.ROOT);
    }
}
