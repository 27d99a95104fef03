package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a constant of an enum, or a record that is a choice by key, is written in the configuration, where that is not its
 * name in kebab-case; or a key, where that cannot be the name of a component: {@code if}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Written {

    /** The written name. */
    String value();
}
