package dev.sallyport.api.config;

import org.jspecify.annotations.Nullable;

/** The names that only one place knows: see {@link Sight#MATCH}. */
@FunctionalInterface
public interface Groups {

    /** The value of {@code 1}, or of a name; null where it has none. */
    @Nullable
    String group(String name);
}
