package dev.sallyport.plugins.iplist;

/** What it means to be on a list. */
public enum Effect {
    /** Those on it may pass, and nobody who is on no such list. */
    ALLOW,
    /** Those on it may not pass. */
    DENY
}
