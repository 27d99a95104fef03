package dev.sallyport.kernel.http;

import dev.sallyport.api.RequestTarget;
import org.jspecify.annotations.Nullable;

/** What came of reading a request target. */
public sealed interface ParsedTarget {

    /**
     * It is well formed.
     *
     * @param target with its path in normal form
     * @param authority of a target in absolute form, in the place of the field {@code Host} (RFC 9112 §3.2.2); else null
     */
    record Accepted(RequestTarget target, @Nullable Authority authority) implements ParsedTarget {}

    /**
     * It is not.
     *
     * @param status 400, 414 or 501
     * @param reason in words that the client may read
     */
    record Refused(int status, String reason) implements ParsedTarget {}
}
