package dev.sallyport.plugins.elk;

/** When what was written to the spool is synchronised with the disk: what a loss of power may take. */
public enum Sync {
    /** After each write: nothing that was written. */
    ALWAYS,
    /** Once a second: the last second. */
    EVERY_SECOND,
    /** When the operating system pleases, and at close. */
    NEVER
}
