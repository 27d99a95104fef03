package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Request;
import java.io.IOException;

/** Asks a service. Thread-safe. */
@FunctionalInterface
interface Decider {

    /**
     * Asks, and waits for the decision.
     *
     * @param body what the service gets to see of the request's body
     * @throws IOException where there is no decision: the service cannot be reached, takes too long, or says something else
     */
    Decision decide(Request request, byte[] body) throws IOException, InterruptedException;
}
