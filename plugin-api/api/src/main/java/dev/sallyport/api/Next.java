package dev.sallyport.api;

/**
 * The rest of the chain as a step sees it: the steps after it, then the upstream.
 *
 * <p>It returns when the head of the response has come; the request body may still be flowing then, and the response
 * body streams later, while it is written to the client.
 */
@FunctionalInterface
public interface Next {

    /**
     * Passes the request on and waits for the head of the response.
     *
     * @param request the request to pass on, the one received or a changed copy of it
     * @return the response; never null
     * @throws UpstreamException where the upstream could not be reached or broke
     * @throws ClientGoneException where the client went away meanwhile
     * @throws IllegalStateException where it is called again with a body that cannot be replayed, or after the step has
     *     returned
     * @throws Exception what a later step threw
     */
    Response proceed(Request request) throws Exception;
}
