package dev.sallyport.kernel.replay;

import dev.sallyport.api.Headers;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was recorded, and what became of it.
 *
 * @param line of the file, from 1
 * @param target as it was sent, or with masked values
 * @param headers those that were recorded, {@code Host} among them where that was
 * @param allHeaders whether all were recorded, if only by name
 * @param masked whether values of the request are not known: credentials are among them
 * @param bodyBytes how long its body was; 0 for none
 * @param outcome what became of it
 */
record Recorded(
        int line,
        Instant at,
        String method,
        String target,
        Headers headers,
        boolean allHeaders,
        boolean masked,
        String scheme,
        InetAddress client,
        long bodyBytes,
        @Nullable String consumer,
        Outcome outcome) {

    /** For people: {@code GET api.example.com/orders/7}. */
    String told() {
        return method + " " + headers.get("host", "") + target;
    }
}
