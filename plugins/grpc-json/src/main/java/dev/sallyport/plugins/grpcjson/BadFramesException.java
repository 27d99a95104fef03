package dev.sallyport.plugins.grpcjson;

import java.io.IOException;

/** What a server of gRPC has sent is not made of messages, or of other ones than it says. Repeats nothing of them. */
final class BadFramesException extends IOException {

    private static final long serialVersionUID = 1;

    BadFramesException(String message) {
        super(message);
    }
}
