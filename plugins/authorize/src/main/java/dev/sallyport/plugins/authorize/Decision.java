package dev.sallyport.plugins.authorize;

import org.jspecify.annotations.Nullable;

/** What the rules say about a request. */
sealed interface Decision {

    /** @param rule the rule that lets it pass; null where none had to */
    record Allowed(@Nullable String rule) implements Decision {}

    /** @param rule the rule of {@code deny} that is true */
    record Denied(Rule rule, String name) implements Decision {}

    /** No rule of {@code allow} is true. */
    record NotAllowed() implements Decision {}

    /** A rule of {@code deny} could not be told, so that it may be true. */
    record Unclear(String name) implements Decision {}
}
