package dev.sallyport.plugins.circuitbreaker;

/** What people have said that a circuit is to be, whatever its calls come to. */
enum Forced {
    /** Refuses all calls. */
    OPEN,
    /** Lets all calls through. */
    CLOSED
}
