package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.UpstreamException;

/** How an upstream fails that does not answer. */
public enum Failure {
    /** No connection could be made, or not in time. */
    CONNECT,
    /** The connection broke before the answer. */
    RESET,
    /** No answer came in time. */
    TIMEOUT,
    /** What came is not HTTP. */
    PROTOCOL,
    /** No target may be tried. */
    UNAVAILABLE;

    static Failure of(UpstreamException failure) {
        return switch (failure.kind()) {
            case CONNECT, CONNECT_TIMEOUT -> CONNECT;
            case RESET -> RESET;
            case RESPONSE_TIMEOUT -> TIMEOUT;
            case PROTOCOL -> PROTOCOL;
            case NO_TARGET -> UNAVAILABLE;
        };
    }
}
