package dev.sallyport.kernel.trace;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/**
 * What a monitored step would have done with a request.
 *
 * @param entered the request as the step saw it
 * @param passed what it would have passed on; null where it would not
 * @param came what it saw come back; null where nothing did
 * @param given what it would have given back; null where it failed
 * @param verdict in one word
 * @param failure how it failed by itself; null where it did not
 */
public record Monitored(
        Request entered,
        @Nullable Request passed,
        @Nullable Response came,
        @Nullable Response given,
        String verdict,
        @Nullable Throwable failure) {}
