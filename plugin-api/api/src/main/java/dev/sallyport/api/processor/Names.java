package dev.sallyport.api.processor;

import java.util.Locale;

/** How Java's names are written in the configuration. */
final class Names {

    private Names() {}

    /** {@code ConsistentHash} and {@code CONSISTENT_HASH} are {@code consistent-hash}, {@code H2C} is {@code h2c}. */
    static String kebab(String name) {
        boolean constant = name.equals(name.toUpperCase(Locale.ROOT));
        String words = constant
                ? name.replace('_', '-')
                : name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replaceAll("([A-Z])([A-Z][a-z])", "$1-$2");
        return words.toLowerCase(Locale.ROOT);
    }
}
