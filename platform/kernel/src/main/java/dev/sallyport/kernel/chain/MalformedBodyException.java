package dev.sallyport.kernel.chain;

import java.io.IOException;

/** The client's request body is not framed as HTTP says, such as a chunk size that is no number: 400. */
public final class MalformedBodyException extends IOException {

    private static final long serialVersionUID = 1;

    public MalformedBodyException(String reason) {
        super("the request's body is malformed: " + reason);
    }
}
