package dev.sallyport.api.config;

/** What there is where an {@linkplain Expression expression} is evaluated. */
public enum Sight {

    /** The request. */
    REQUEST,

    /** The request, and the response to it. */
    RESPONSE,

    /** The request, and the groups of a regular expression that it matched: {@code $1}, or their names. */
    MATCH
}
