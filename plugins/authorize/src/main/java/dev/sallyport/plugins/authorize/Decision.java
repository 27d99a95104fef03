package dev.sallyport.plugins.authorize;

import org.jspecify.annotations.Nullable;

/** What the rules say about a request. */
sealed interface Decision {

    /**
     * It may pass.
     *
     * @param rule the rule that lets it; null where none had to
     */
    record Allowed(@Nullable String rule) implements Decision {}

    /**
     * It may not.
     *
     * @param rule the rule of {@code deny} that is true
     * @param name what the rule is called
     */
    record Denied(Rule rule, String name) implements Decision {}

    /** No rule of {@code allow} is true. */
    record NotAllowed() implements Decision {}

    /**
     * A rule of {@code deny} could not be told, so that it may be true.
     *
     * @param name what the rule is called
     */
    record Unclear(String name) implements Decision {}
}
