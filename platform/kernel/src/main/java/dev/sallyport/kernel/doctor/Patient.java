package dev.sallyport.kernel.doctor;

import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that is being unloaded.
 *
 * @param name {@code rate-limit 1.4.0}
 * @param loader the loader of its classes
 * @param uses whether its classes have ever needed a class of that name: what they never did needs no look
 * @param define defines a class of the gateway once more, in the plugin's loader
 */
public record Patient(String name, ClassLoader loader, Predicate<String> uses, UnaryOperator<Class<?>> define) {

    boolean owns(@Nullable Object object) {
        return object != null && loader.equals(object.getClass().getClassLoader());
    }

    /** The first class of the plugin that an object leads to; null where it leads to none. */
    @Nullable
    String reachedFrom(@Nullable Object object) {
        return new Reach(loader).from(object);
    }
}
