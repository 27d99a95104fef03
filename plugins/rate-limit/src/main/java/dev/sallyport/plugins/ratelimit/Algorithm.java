package dev.sallyport.plugins.ratelimit;

/** How a limit counts. */
public enum Algorithm {
    /** A bucket of tokens that fills evenly: bursts are allowed up to its size, the rate holds over any longer time. */
    TOKEN_BUCKET,
    /** A window that slides, by two counters: cheap, and off by as much as the requests before it did not come evenly. */
    SLIDING_WINDOW,
    /** A window that slides, and remembers each request: exact, and takes memory for each. */
    SLIDING_LOG,
    /** A window that begins anew: twice the limit may pass around its end. */
    FIXED_WINDOW,
    /** How many run at the same time. */
    CONCURRENT
}
