package dev.sallyport.plugins.iplist;

/** What to do while a list is not there. */
public enum WhenMissing {
    /** Nobody passes. */
    CLOSED,
    /** Everybody passes, as far as this list is concerned. */
    OPEN
}
