package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;

/** A step of the attempt: while the circuit of a target is open, the balancer is told to choose another. */
final class AttemptFilter implements Filter {

    private final Breakers breakers;
    private final Verdict verdict;
    private final boolean perTarget;
    private final String key;

    AttemptFilter(CircuitBreakerConfig config, Breakers breakers, String key) {
        this.breakers = breakers;
        this.verdict = new Verdict(config.statuses());
        this.perTarget = config.per() != Per.ROUTE;
        this.key = key;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Attempt attempt = request.exchange().attempt();
        Breaker breaker = perTarget && attempt != null
                ? breakers.of(attempt.target().toString(), attempt.shown())
                : breakers.of(key);
        Breaker.Call call = breaker.tryCall(request.exchange());
        if (call == null) {
            throw new TargetUnavailableException("the circuit is open", breaker.retryAfter());
        }
        return verdict.proceed(call, request, next);
    }
}
