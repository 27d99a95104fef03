package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a key by whose value a step tells callers apart: what a limit counts by, what a cache keeps apart. {@code check}
 * warns of a limit, and of a cache of what callers may see, where none of these keys is given. Only for that: it changes
 * nothing about the key.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface TellsApart {}
