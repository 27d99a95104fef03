package dev.sallyport.kernel.chain;

import java.io.IOException;

/** The client has paused for too long in the middle of its request's body: 408. */
public final class RequestTimeoutException extends IOException {

    private static final long serialVersionUID = 1;

    public RequestTimeoutException() {
        super("the client paused for too long in its request's body");
    }
}
