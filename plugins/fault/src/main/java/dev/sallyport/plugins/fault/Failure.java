package dev.sallyport.plugins.fault;

import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.UpstreamException.Kind;

/** How an upstream fails that does not answer. */
public enum Failure {
    /** No connection can be made. */
    CONNECT(Kind.CONNECT),
    /** The connection breaks before the answer. */
    RESET(Kind.RESET),
    /** No answer comes in time. */
    TIMEOUT(Kind.RESPONSE_TIMEOUT);

    private final Kind kind;

    Failure(Kind kind) {
        this.kind = kind;
    }

    UpstreamException exception() {
        return new UpstreamException(kind, "a fault that is injected", null);
    }
}
