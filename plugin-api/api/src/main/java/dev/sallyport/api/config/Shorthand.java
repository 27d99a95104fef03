package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Allows short forms of a component, at most one of a record:
 *
 * <ol>
 *   <li>a list may be written as its only element;
 *   <li>where no other component must be given, the whole record may be written as this component's value, unless that is
 *       itself a mapping.
 * </ol>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Shorthand {}
