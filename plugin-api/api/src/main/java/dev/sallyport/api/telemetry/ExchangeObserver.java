package dev.sallyport.api.telemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of one exchange. It changes nothing but the header fields by which a trace is carried on.
 *
 * <ol>
 *   <li>All but {@link #ended} is called by the exchange's thread, in order; {@code ended} once, as the last, maybe by another
 *       thread. Steps and attempts nest: what was entered last is left first. What a step does {@linkplain
 *       dev.sallyport.api.Next#beside beside} the exchange, and copies that a mirror makes, are not told.
 *   <li>Requests wait for each call, so none may wait for anything.
 *   <li>One that throws hears no more of its exchange; the request goes on.
 * </ol>
 */
public interface ExchangeObserver {

    /** Whether it wants to hear of steps, which costs some; asked once, at the begin. Attempts it hears of anyway. */
    default boolean observesSteps() {
        return false;
    }

    /**
     * Called once, at the begin.
     *
     * @param request as it came in
     * @return what the steps get: the same, or with other header fields, so that copies that are made on the way, for a mirror
     *     or beside the exchange, tell which trace they are in
     */
    default Request received(Request request) {
        return request;
    }

    /**
     * A request enters a step.
     *
     * @param step which one; the same object whenever a request enters it in its generation
     */
    default void stepEntered(StepInfo step) {}

    /**
     * The step that was entered last is left.
     *
     * @param verdict what it did
     * @param failure what came out of it in the place of a response; null where a response did
     * @param selfNanos the nanoseconds that passed in it, without those after it called {@code next} and before that
     *     returned
     */
    default void stepLeft(StepInfo step, Verdict verdict, @Nullable Throwable failure, long selfNanos) {}

    /** The step that was entered last {@linkplain Exchange#note notes} something; no secrets. */
    default void noted(String name, Object value) {}

    /**
     * A target was chosen and is tried now; {@link #attemptEnded} follows.
     *
     * @param request what will be sent, before the steps of the attempt
     * @return the same, or with other header fields, so that the target knows which trace it is in
     */
    default Request attemptBegins(Attempt attempt, Request request) {
        return request;
    }

    /**
     * The head of the target's response has come, or the attempt has failed.
     *
     * @param status of the response; 0 where there is none
     * @param failure why there is none; null where there is
     */
    default void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {}

    /**
     * The steps have given their response, which is written now. It may still change its form: a problem becomes what the
     * client understands. Not called where the client has gone before.
     */
    default void answered(Response response) {}

    /** The exchange is over. */
    void ended(Completion completion);

    /** What a step did with a request. */
    enum Verdict {
        /** It called {@code next}, and gave what came or something in its place. */
        PASSED,
        /** It gave a response without calling {@code next}. */
        ANSWERED,
        /** It threw something of its own. */
        FAILED,
        /** It has failed, and all went on as if it were not there. */
        SKIPPED,
        /** What comes after it threw something, and the step let it pass. */
        PASSED_ON
    }
}
