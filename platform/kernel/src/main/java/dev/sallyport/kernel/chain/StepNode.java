package dev.sallyport.kernel.chain;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.kernel.trace.StepName;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A step in its place in a compiled chain: as the {@code Next} of the step before, proceeding enters it.
 *
 * <p>It guards the contract of filters with one byte in the exchange, saved and restored around the call, so that a step
 * that retries may run the steps below it again while none of them may call next twice.
 */
public final class StepNode implements Node {

    private final StepName what;
    private final Filter filter;
    private final @Nullable Predicate<Request> when;
    private final int slot;
    private final Next rest;

    /** What comes after it in its generation, not recorded. */
    private final Next plain;

    private final Next guard = new Guard();

    /** The same for those that observe. */
    private final StepInfo info;

    /**
     * @param when whether a request passes through the step; null for all
     * @param slot its place in the exchange's array, unique along every way through the generation
     * @param rest what comes after it
     */
    StepNode(StepName what, Filter filter, @Nullable Predicate<Request> when, int slot, Next rest) {
        this(what, filter, when, slot, rest, rest, what.info());
    }

    private StepNode(
            StepName what,
            Filter filter,
            @Nullable Predicate<Request> when,
            int slot,
            Next rest,
            Next plain,
            StepInfo info) {
        this.what = what;
        this.filter = filter;
        this.when = when;
        this.slot = slot;
        this.rest = rest;
        this.plain = plain;
        this.info = info;
    }

    Filter filter() {
        return filter;
    }

    Next rest() {
        return rest;
    }

    /** For logs: where it stands and what it is, {@code route orders, step rate-limit}. */
    public String name() {
        return what.toString();
    }

    StepName what() {
        return what;
    }

    /** Whether a request passes through the step. */
    boolean takes(Request request) {
        return when == null || when.test(request);
    }

    /** The same step before something else, for requests that pass through it. */
    StepNode before(Next other) {
        return new StepNode(what, filter, null, slot, other, plain, info);
    }

    @Override
    public Node traced() {
        return new TracedStep(this, Node.traced(rest));
    }

    @Override
    public Response proceed(Request request) throws Exception {
        if (when != null && !when.test(request)) {
            return rest.proceed(request);
        }
        LiveExchange exchange = (LiveExchange) request.exchange();
        byte saved = exchange.calls[slot];
        StepNode outer = exchange.current();
        exchange.calls[slot] = 1;
        exchange.enter(this);
        Observation observation = exchange.observationOfSteps();
        if (observation != null) {
            observation.entered(info);
        }
        Throwable thrown = null;
        try {
            Response response = filter.handle(request, guard);
            if (response == null) {
                throw new IllegalStateException("the step returned null (expected: a response)");
            }
            return response;
        } catch (Throwable t) {
            thrown = t;
            exchange.failed(this, t);
            throw t;
        } finally {
            if (observation != null) {
                observation.left(thrown);
            }
            exchange.calls[slot] = saved;
            exchange.enter(outer);
        }
    }

    /** The step's next. */
    private final class Guard implements Next {

        @Override
        public Response proceed(Request request) throws Exception {
            return proceedFromStep(request);
        }

        @Override
        public boolean beside(Request request, Work work) {
            LiveExchange exchange = (LiveExchange) request.exchange();
            return exchange.generation().beside().run(StepNode.this, exchange, request, work, plain);
        }
    }

    private Response proceedFromStep(Request request) throws Exception {
        LiveExchange exchange = (LiveExchange) request.exchange();
        byte called = exchange.calls[slot];
        if (called == 0) {
            throw new IllegalStateException("next was called after the step had returned (expected: before)");
        }
        if (Thread.currentThread() != exchange.thread()) {
            throw new IllegalStateException("next was called from another thread (expected: the exchange's own)");
        }
        if (called > 1 && !request.body().isReplayable()) {
            throw new IllegalStateException("next was called again with a body that cannot be replayed"
                    + " (expected: once, or a body made replayable by buffered(…))");
        }
        if (called < Byte.MAX_VALUE) {
            exchange.calls[slot] = (byte) (called + 1);
        }
        Observation observation = exchange.observationOfSteps();
        return observation == null ? rest.proceed(request) : observed(request, observation);
    }

    private Response observed(Request request, Observation observation) throws Exception {
        Throwable thrown = null;
        observation.passedOn();
        try {
            return rest.proceed(request);
        } catch (Throwable t) {
            thrown = t;
            throw t;
        } finally {
            observation.cameBack(thrown);
        }
    }
}
