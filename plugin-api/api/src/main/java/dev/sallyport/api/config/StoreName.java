package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a text that names a store, one of the settings themselves and not of a record in them: {@code memory}, or a service
 * that is one. {@code check} then says where there is no such store, without running the step's code, and which services
 * nobody uses.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface StoreName {}
