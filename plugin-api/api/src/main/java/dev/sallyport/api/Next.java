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

    /**
     * Has work done beside the exchange, which does not wait for it and may be over before: on a thread and an exchange of
     * its own, which know of the request what is known by now. The response that comes of the work is read to its end, and
     * dropped. It may take as long as the exchange might have.
     *
     * @param request the request that the work gets; its body is replayable
     * @param work what is done; its {@code next} is this one
     * @return false where it is not done: too much of the kind is under way, or this step only watches
     */
    default boolean beside(Request request, Work work) {
        return false;
    }

    /** What is done beside an exchange. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it.
         *
         * @return the response; never null
         * @throws Exception where it fails, which is logged
         */
        Response run(Request request, Next next) throws Exception;
    }
}
