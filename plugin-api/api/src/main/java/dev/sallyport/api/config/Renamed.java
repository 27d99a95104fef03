package dev.sallyport.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name that a key had before. It still binds, with a warning, so that two versions of a plugin live on one file. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Renamed {

    /** The old name. */
    String from();

    /** The version of the plugin that brought the new name. */
    String since();
}
