package dev.sallyport.plugins.tokenintrospection;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the provider says about a token (RFC 7662 §2.2). */
sealed interface Answer {

    /**
     * It holds now.
     *
     * @param claims what is said of it, of the JDK's own types, unmodifiable
     * @param expires when it ends; null where that is not said
     */
    record Active(Map<String, Object> claims, @Nullable Instant expires) implements Answer {}

    /** It does not, or the provider does not know it. */
    record Inactive() implements Answer {}
}
