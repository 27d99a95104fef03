package dev.sallyport.plugins.circuitbreaker;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import java.util.List;
import java.util.Map;

/** A step of the attempt: while the circuit of a target is open, the balancer is told to choose another. */
final class AttemptFilter implements Filter {

    private final Breakers breakers;
    private final Verdict verdict;
    private final boolean perTarget;
    private final String key;

    AttemptFilter(CircuitBreakerConfig config, Breakers breakers, String key) {
        this.breakers = breakers;
        this.verdict = new Verdict(config);
        this.perTarget = config.per() != Per.UPSTREAM;
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

    @Override
    public void close() {
        breakers.close();
    }

    @Override
    public Map<String, ?> state() {
        return Map.of("circuits", breakers.told());
    }

    @Override
    public List<Command> commands() {
        return breakers.commands();
    }

    @Override
    public Explanation explain(Request request) {
        Attempt attempt = request.exchange().attempt();
        if (perTarget && attempt == null) {
            List<String> obstacles = breakers.obstacles();
            return obstacles.isEmpty()
                    ? new Explanation.Passes(request, "no circuit of a target is open")
                    : new Explanation.Unknown(String.join("; ", obstacles));
        }
        Breaker breaker =
                breakers.find(perTarget && attempt != null ? attempt.target().toString() : key);
        String obstacle = breaker == null ? null : breaker.obstacle();
        return obstacle == null
                ? new Explanation.Passes(request, "the circuit is closed")
                : new Explanation.Unknown("the circuit " + obstacle + "; then another target is chosen");
    }
}
