package dev.sallyport.kernel.chain;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A step with {@code onError: skip}: where it fails by itself, all goes on as if it were not there. Before it has called
 * next the request goes on as it came; after that what next gave is the outcome, a response or an exception. A body that
 * the step has begun to read cannot be given back: then its failure is that of the request.
 */
final class SkippingFilter implements Filter {

    private static final System.Logger LOG = System.getLogger("exchange");

    private final String name;
    private final Filter filter;

    /** @param name for logs: {@code route orders, step rate-limit} */
    SkippingFilter(String name, Filter filter) {
        this.name = name;
        this.filter = filter;
    }

    Filter filter() {
        return filter;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Rest rest = new Rest(request, next);
        try {
            Response response = filter.handle(rest.lentRequest, rest);
            if (response == null) {
                throw new IllegalStateException("the step returned null (expected: a response)");
            }
            return rest.unwrapped(response);
        } catch (Throwable failure) {
            LiveExchange exchange = (LiveExchange) request.exchange();
            if (rest.threw(failure)
                    || !Problems.isOfStep(failure)
                    || !rest.canGoOn()
                    || exchange.cancellation().cause() != null) {
                throw failure;
            }
            LOG.log(
                    Level.WARNING,
                    "request {0}, {1}: failed and was skipped: {2}",
                    exchange.id(),
                    name,
                    exchange.hide(failure.toString()));
            exchange.skipped(failure.toString());
            return rest.goOn();
        }
    }

    /** What comes after the step, and what has become of it so far. For one thread, that of the exchange. */
    private static final class Rest implements Next {

        private final Request request;
        private final Next next;
        private final Request lentRequest;
        private @Nullable Response response;
        private @Nullable Response lentResponse;
        private @Nullable Throwable thrown;

        Rest(Request request, Next next) {
            this.request = request;
            this.next = next;
            lentRequest = request.body().isReplayable() ? request : request.withBody(new LentBody(request.body()));
        }

        @Override
        public Response proceed(Request passed) throws Exception {
            response = null;
            lentResponse = null;
            thrown = null;
            try {
                Response given = next.proceed(
                        passed.body() instanceof LentBody lent && !lent.isTouched()
                                ? passed.withBody(lent.body())
                                : passed);
                response = given;
                lentResponse = given.tunnel() != null || given.body().isReplayable()
                        ? given
                        : given.withBody(new LentBody(given.body()));
                return lentResponse;
            } catch (Throwable t) {
                thrown = t;
                throw t;
            }
        }

        @Override
        public boolean beside(Request passed, Work work) {
            return next.beside(passed, work);
        }

        @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
        boolean threw(Throwable failure) {
            return thrown == failure;
        }

        /** The kernel passes its own bodies on faster than others. */
        Response unwrapped(Response answer) {
            return answer.body() instanceof LentBody lent && !lent.isTouched() ? answer.withBody(lent.body()) : answer;
        }

        boolean canGoOn() {
            Response given = lentResponse;
            if (given != null) {
                return !(given.body() instanceof LentBody lent && lent.isTouched());
            }
            return thrown != null || !(lentRequest.body() instanceof LentBody lent && lent.isTouched());
        }

        Response goOn() throws Exception {
            if (response != null) {
                return response;
            }
            return switch (thrown) {
                case Exception e -> throw e;
                case Error e -> throw e;
                case null, default -> next.proceed(request);
            };
        }
    }
}
