package dev.sallyport.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.pf4j.Extension;

/**
 * Names the type that an extension offers, as it is written in {@code gateway.yaml}, and makes the class known: the
 * annotation processor in this jar writes the index by which PF4J finds it, and the schema by which its settings are
 * checked without running it. (On JDK 23 and later javac runs it only with {@code -proc:full}.)
 *
 * <p>A type belongs to one plugin; a second plugin that claims it is refused.
 */
@Extension
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Type {

    /** The name, in kebab-case; types that are not shipped with the gateway are {@code publisher/type}. */
    String value();

    /**
     * Whether steps of this type decide who may enter: what they let pass when they fail has not been judged, so
     * {@code onError: skip} is refused on them unless the configuration accepts that.
     */
    boolean decidesAccess() default false;

    /**
     * Whether steps of this type do nothing but decide and change: from the request, their settings and what
     * {@link FilterContext} lends, and without effect outside of the gateway (a file, a message). Such steps are run when
     * recorded requests are replayed against another configuration, with the clock of the recording; others are left out.
     */
    boolean replayable() default false;

    /**
     * What steps of this type leave on the exchange for those behind them: {@code consumer}, where they say who sent the
     * request, and the names of {@linkplain Attribute attributes}. {@code check} warns of a step that reads what none
     * before it provides. What a step owns as a header is said at {@link FilterContext#ownHeader}.
     */
    String[] provides() default {};

    /**
     * What steps of this type need that a step before them has left, in the words of {@link #provides}. What an
     * {@link dev.sallyport.api.config.Expression} in the settings reads is known without it.
     */
    String[] reads() default {};

    /** Whether steps of this type answer by what they kept of earlier responses, so that those behind are not asked. */
    boolean caches() default false;

    /** Whether steps of this type refuse requests beyond a number. */
    boolean limits() default false;
}
