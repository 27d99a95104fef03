package dev.sallyport.plugins.extauth;

/** What to do while nobody decides. */
public enum WhenUnavailable {
    /** Nobody passes. */
    CLOSED,
    /** Everybody passes. */
    OPEN
}
