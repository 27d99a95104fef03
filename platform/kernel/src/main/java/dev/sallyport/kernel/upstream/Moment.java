package dev.sallyport.kernel.upstream;

/** A part of the making of a new connection. */
public enum Moment {
    /** The target's name is resolved, or needed no resolving; not told for HTTP/2. */
    RESOLVED,
    /** The connection is there. */
    CONNECTED,
    /** Hands are shaken for TLS. */
    SECURED
}
