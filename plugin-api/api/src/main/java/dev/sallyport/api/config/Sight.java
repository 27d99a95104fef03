package dev.sallyport.api.config;

/** What there is where an {@linkplain Expression expression} is evaluated. */
public enum Sight {

    /** The request. */
    REQUEST,

    /** The request, and the response to it. */
    RESPONSE,

    /**
     * The request, the response to it, and how the exchange has ended: for what is evaluated after the last byte. Whoever
     * evaluates it leaves the {@link dev.sallyport.api.Completion} on the exchange first.
     */
    COMPLETION,

    /** The request, and the groups of a regular expression that it matched: {@code $1}, or their names. */
    MATCH;

    /** Whether what has to be there is there. */
    boolean sees(Sight needed) {
        return needed == this || needed == REQUEST || (needed == RESPONSE && this == COMPLETION);
    }
}
