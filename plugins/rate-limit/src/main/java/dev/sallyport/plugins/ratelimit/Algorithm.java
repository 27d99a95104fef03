package dev.sallyport.plugins.ratelimit;

/** How a limit counts. */
public enum Algorithm {
    /** A bucket of tokens that fills evenly: bursts are allowed up to its size, the rate holds over any longer time. */
    TOKEN_BUCKET
}
