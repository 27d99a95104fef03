package dev.sallyport.kernel.chain;

import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.canary.Arm;
import dev.sallyport.kernel.canary.Trial;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A step of which two versions are on trial: each request passes through one of them, and is counted for it. */
final class CanaryNode implements Node {

    private final Trial trial;
    private final @Nullable Predicate<Request> when;
    private final StepNode serving;
    private final StepNode canary;
    private final Next rest;

    /**
     * @param when whether a request passes through the step; null for all
     * @param serving over a filter that is {@link Counted}
     * @param canary the same, of the other version
     */
    CanaryNode(Trial trial, @Nullable Predicate<Request> when, StepNode serving, StepNode canary, Next rest) {
        this.trial = trial;
        this.when = when;
        this.serving = serving;
        this.canary = canary;
        this.rest = rest;
    }

    Trial trial() {
        return trial;
    }

    StepNode serving() {
        return serving;
    }

    StepNode canary() {
        return canary;
    }

    Next rest() {
        return rest;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        if (when != null && !when.test(request)) {
            return rest.proceed(request);
        }
        return (trial.takes(request) ? canary : serving).proceed(request);
    }

    @Override
    public Node traced() {
        return new Traced(this, serving.traced(), canary.traced(), Node.traced(rest));
    }

    /** The same, recorded. */
    private record Traced(CanaryNode node, Next serving, Next canary, Next rest) implements Node {

        @Override
        public Response proceed(Request request) throws Exception {
            if (node.when != null && !node.when.test(request)) {
                LiveExchange.recordingOf(request).passedBy(node.serving.what());
                return rest.proceed(request);
            }
            return (node.trial.takes(request) ? canary : serving).proceed(request);
        }

        @Override
        public Node traced() {
            return this;
        }
    }

    /** A filter whose requests are counted. */
    record Counted(Filter filter, Arm arm) implements Filter {

        @Override
        public Response handle(Request request, Next next) throws Exception {
            long[] elsewhere = {0};
            Next timed = new Next() {
                @Override
                public Response proceed(Request passed) throws Exception {
                    long start = System.nanoTime();
                    try {
                        return next.proceed(passed);
                    } finally {
                        elsewhere[0] += System.nanoTime() - start;
                    }
                }

                @Override
                public boolean beside(Request passed, Work work) {
                    return next.beside(passed, work);
                }
            };
            long start = System.nanoTime();
            boolean failed = true;
            try {
                Response response = filter.handle(request, timed);
                failed = response == null || response.status() >= 500;
                return response;
            } finally {
                LiveExchange exchange = LiveExchange.of(request);
                if (!(exchange.cancellation().cause() instanceof ClientGoneException)) {
                    long nanos = System.nanoTime() - start;
                    arm.count(failed, nanos, nanos - elsewhere[0]);
                }
            }
        }
    }
}
