package dev.sallyport.api.processor;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record whose schema is written to {@code META-INF/sallyport/schema/<name>.json}. The gateway uses it for its
 * own configuration; plugins have no need of it.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface ConfigRoot {

    /** The file's name, without its ending. */
    String value();
}
