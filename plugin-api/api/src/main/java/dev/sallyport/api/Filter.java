package dev.sallyport.api;

import java.util.List;
import java.util.Map;

/**
 * One step of a chain: sees the request on its way in and the response on its way out.
 *
 * <p>There is one instance for each place where a step is configured, and many threads call it at once. Every exchange
 * runs on a virtual thread of its own, so a filter may block, and what it must remember between request and response is
 * a local variable.
 *
 * <ol>
 *   <li>{@link #handle} either answers by itself or calls {@link Next#proceed} and returns what came back, changed or
 *       not. The response has not been written when it is returned, so every part of it can still be changed.
 *   <li>A decision (401, 429, 503) is returned, as {@link Problem#toResponse}, so that steps further out (CORS, logs)
 *       still see a response. An exception means failure: {@link UpstreamException} and its kin pass through to the
 *       steps that retry or count; anything else becomes a 500 with an error id.
 *   <li>{@link #selfTest} is called once, after {@link FilterFactory#create} and before the first exchange.
 *   <li>{@link #close} is called exactly once, after the last exchange has left.
 *   <li>The thread may be interrupted, once, at the deadline of the exchange.
 * </ol>
 *
 * {@snippet :
 * Filter stamp = (request, next) -> next.proceed(request).withHeader("x-served-by", "sallyport");
 * }
 */
@FunctionalInterface
public interface Filter extends AutoCloseable {

    /**
     * Handles one exchange.
     *
     * @param request the request as the steps before this one left it
     * @param next the rest of the chain; call it at most once, unless the body of the request is
     *     {@linkplain Body#isReplayable() replayable}, and only before returning
     * @return the response; never null
     * @throws Exception where the step fails, as opposed to decides
     */
    Response handle(Request request, Next next) throws Exception;

    /**
     * Tests, before the first exchange, that the filter will work where it is: that what it needs of this machine is there,
     * that an answer which it knows comes out right. It has a few seconds; what it does not answer for, such as a server
     * that may be down, does not belong here. Nothing by default.
     *
     * @throws Exception where it would not work: the change that brought the filter is refused with the message, and what
     *     served before serves on
     */
    default void selfTest() throws Exception {}

    /**
     * Says what {@link #handle} would do with a request, for people who ask why it comes out as it does
     * ({@code sallyport explain}). It has no effect: it counts nothing, sends nothing, writes nothing, and waits for nobody.
     * Called seldom, by any thread, with a time limit.
     *
     * <p>The exchange is one that is made for the question. What is left on it, such as the consumer, is seen by the
     * explanations of later steps and by nobody else; before a target is chosen, its attempt is null also in a step of the
     * attempt.
     *
     * @param request the request as the steps before this one would leave it, as far as that is known; its body is the one
     *     that was given with the question, else empty
     * @throws Exception where it cannot be said; the message is shown
     */
    default Explanation explain(Request request) throws Exception {
        return new Explanation.Unknown("");
    }

    /**
     * What people who run the gateway may see of the state of this step ({@code sallyport steps}, {@code GET /v1/steps}), as
     * an object of JSON shapes, see {@link Json#write}. No secrets, and no more than a page: of many parts the ones that
     * matter most, and how many there are. Nothing by default. Called seldom, by any thread, with a time limit.
     */
    default Map<String, ?> state() {
        return Map.of();
    }

    /** What they may have it do. Nothing by default. */
    default List<Command> commands() {
        return List.of();
    }

    /** What they may ask it. Nothing by default. */
    default List<Query> queries() {
        return List.of();
    }

    /** Frees what the filter holds. What was lent by {@link FilterContext} is taken back without it. */
    @Override
    default void close() {}
}
