package dev.sallyport.plugins.grpcweb;

import java.io.IOException;

/** A request is not made of messages. Its message says where, and repeats nothing of it. */
final class BadMessageException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    /** @param status of gRPC, by which the client is told */
    BadMessageException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
