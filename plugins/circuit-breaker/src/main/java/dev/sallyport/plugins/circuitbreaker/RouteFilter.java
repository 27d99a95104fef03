package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;

/** A step of a route: while the circuit is open it answers 503. */
final class RouteFilter implements Filter {

    private static final Problem OPEN = new Problem(503, "circuit-open", "Temporarily not available");

    private final Breaker breaker;
    private final Verdict verdict;

    RouteFilter(Breaker breaker, Verdict verdict) {
        this.breaker = breaker;
        this.verdict = verdict;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Breaker.Call call = breaker.tryCall(request.exchange());
        return call == null ? refusal(request) : verdict.proceed(call, request, next);
    }

    @Override
    public Explanation explain(Request request) {
        String obstacle = breaker.obstacle();
        if (obstacle == null) {
            return new Explanation.Passes(request, "the circuit is closed");
        }
        return breaker.isOpen()
                ? new Explanation.Answers(503, "the circuit " + obstacle)
                : new Explanation.Unknown("the circuit " + obstacle);
    }

    private Response refusal(Request request) {
        long seconds = Math.max(1, Math.ceilDiv(breaker.retryAfter().toMillis(), 1_000));
        return OPEN.withDetail("Too many calls have failed. Try again in " + seconds + " s.")
                .toResponse(request)
                .withHeader("retry-after", Long.toString(seconds));
    }
}
