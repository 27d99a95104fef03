package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;
import java.util.Map;

/** A step of a route: while the circuit is open it answers 503. */
final class RouteFilter implements Filter {

    private static final Problem OPEN = new Problem(503, "circuit-open", "Temporarily not available");

    private final Breakers breakers;
    private final Breaker breaker;
    private final Verdict verdict;

    /** @param key the name of the one breaker */
    RouteFilter(Breakers breakers, String key, Verdict verdict) {
        this.breakers = breakers;
        this.breaker = breakers.of(key);
        this.verdict = verdict;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Breaker.Call call = breaker.tryCall(request.exchange());
        return call == null ? refusal(request) : verdict.proceed(call, request, next);
    }

    @Override
    public void close() {
        breakers.close();
    }

    @Override
    public Map<String, ?> state() {
        return breaker.told();
    }

    @Override
    public List<Command> commands() {
        return breakers.commands();
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
