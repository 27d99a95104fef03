package dev.sallyport.kernel.config;

import org.jspecify.annotations.Nullable;

/** The environment variables that a configuration may refer to; {@code System::getenv} outside of tests. */
@FunctionalInterface
public interface Environment {

    /** The variable's value; null where it is not set. */
    @Nullable
    String variable(String name);
}
