package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.chain.AskedExchange;
import org.jspecify.annotations.Nullable;

/** What a listener makes of a request that is only {@link Asked} about. */
public sealed interface Received {

    /** The answer of the listener itself; null where the request goes on to the steps. */
    @Nullable
    Own answer();

    /**
     * An answer of the listener.
     *
     * @param why as the client would read it; {@code ""} where it says nothing
     */
    record Own(int status, String why) {}

    /** Its head is not HTTP, or more than is taken: nothing else is known of it. */
    record Unreadable(Own answer) implements Received {}

    /**
     * Its head can be read.
     *
     * @param raw the fields as they came
     * @param origin where it comes from, as far as that is believed
     * @param request as the first step sees it
     * @param maxBody the longest body that the listener takes
     */
    record Read(
            Headers raw,
            Origin origin,
            Request request,
            AskedExchange exchange,
            long maxBody,
            @Nullable Own answer) implements Received {}
}
