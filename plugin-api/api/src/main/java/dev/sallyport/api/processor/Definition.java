package dev.sallyport.api.processor;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type that schemas refer to as {@code #/$defs/<name>} instead of spelling it out. The gateway uses it where a
 * value's shape depends on the plugins that are installed; plugins have no need of it.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Definition {

    /** The name among the definitions; empty for a type whose components are no keys at all. */
    String value() default "";
}
