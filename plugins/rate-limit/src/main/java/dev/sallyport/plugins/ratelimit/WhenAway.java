package dev.sallyport.plugins.ratelimit;

/** What a limit does while its store is away. */
public enum WhenAway {
    /** It counts in this gateway alone. */
    LOCAL,
    /** It lets everything pass. */
    PASS,
    /** It refuses everything, with 503. */
    REFUSE
}
