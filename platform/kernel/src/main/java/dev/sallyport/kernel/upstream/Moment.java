package dev.sallyport.kernel.upstream;

/** How far the making of a new connection has come. */
public enum Moment {
    /** The target's name is resolved, or needed no resolving. */
    RESOLVED,
    /** The connection is there. */
    CONNECTED,
    /** Hands are shaken for TLS. */
    SECURED
}
