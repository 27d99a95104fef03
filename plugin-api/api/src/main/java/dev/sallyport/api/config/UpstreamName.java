package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a text that names an upstream of the configuration, anywhere in the settings of a step of a route, so that the step
 * may send there ({@link dev.sallyport.api.Exchange#upstream}). {@code check} then says where there is no such upstream,
 * {@code explain} tells of it, and it is not deleted while it is named.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface UpstreamName {}
