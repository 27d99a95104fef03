package dev.sallyport.api;

import java.io.IOException;

/** A body has more bytes than were asked for. Where no step handles it, the client gets 413 for a request body. */
public final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1;

    private final long limit;

    /** @param limit the most bytes that were allowed */
    public BodyTooLargeException(long limit) {
        super("body: more than " + limit + " bytes");
        this.limit = limit;
    }

    /** The most bytes that were allowed. */
    public long limit() {
        return limit;
    }
}
