package dev.sallyport.kernel.replay;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import org.jspecify.annotations.Nullable;

/**
 * A step in a replay: it runs for real. Where what it does hangs on what was not recorded, its verdict is not known, and the
 * request goes on as the recorded one did: past it, as the same caller.
 */
final class ReplayedFilter implements Filter {

    private final String step;
    private final boolean decidesAccess;
    private final Filter filter;
    private final ReplayState state;

    ReplayedFilter(String step, boolean decidesAccess, Filter filter, ReplayState state) {
        this.step = step;
        this.decidesAccess = decidesAccess;
        this.filter = filter;
        this.state = state;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Rest rest = new Rest(next);
        long asked = state.network().asked();
        Response response;
        try {
            response = filter.handle(request, rest);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable failure) {
            if (rest.threw(failure)) {
                throw failure;
            }
            return unknown(request, rest, "failed: " + failure.getClass().getSimpleName());
        }
        if (rest.called) {
            return response;
        }
        if (state.network().asked() > asked) {
            return unknown(request, rest, "wanted to call somebody");
        }
        if (state.bodyWasLookedAt()) {
            return unknown(request, rest, "looks at the body, which was not recorded");
        }
        Recorded recorded = state.current();
        if (response.status() == 401 && recorded.masked() && recorded.outcome().status() != 401) {
            return unknown(request, rest, "judges credentials, which were not recorded");
        }
        if (response.status() >= 500 && decidesAccess) {
            return unknown(request, rest, "cannot judge offline");
        }
        return response;
    }

    private Response unknown(Request request, Rest rest, String why) throws Exception {
        state.unknown(step, why);
        String consumer = state.current().consumer();
        if (decidesAccess && consumer != null && request.exchange().consumer() == null) {
            Consumer known = state.consumer(consumer);
            request.exchange().authenticated(known);
        }
        return rest.outcome(request);
    }

    /** What comes after the step, and what has come of it. */
    private static final class Rest implements Next {

        private final Next next;
        private boolean called;
        private @Nullable Response response;
        private @Nullable Throwable thrown;

        Rest(Next next) {
            this.next = next;
        }

        @Override
        public Response proceed(Request request) throws Exception {
            called = true;
            try {
                Response given = next.proceed(request);
                response = given;
                return given;
            } catch (Throwable t) {
                thrown = t;
                throw t;
            }
        }

        @SuppressWarnings("ReferenceEquality") // one and the same exception on its way out
        boolean threw(Throwable failure) {
            return thrown == failure || failure instanceof UpstreamException;
        }

        Response outcome(Request request) throws Exception {
            Response given = response;
            return given != null ? given : next.proceed(request);
        }
    }
}
