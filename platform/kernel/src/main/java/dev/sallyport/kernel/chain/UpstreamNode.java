package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.upstream.Balancer;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The end of a route's chain: chooses a target and runs the steps of the attempt; where they refuse it, another one. */
final class UpstreamNode implements Next {

    private final String upstream;
    private final Balancer balancer;
    private final Map<URI, String> shown;
    private final Next attempt;

    /**
     * @param shown how each target is shown
     * @param attempt the first step of the attempt, or the wire
     */
    UpstreamNode(String upstream, Balancer balancer, Map<URI, String> shown, Next attempt) {
        this.upstream = upstream;
        this.balancer = balancer;
        this.shown = shown;
        this.attempt = attempt;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Set<URI> refused = Set.of();
        TargetUnavailableException soonest = null;
        while (true) {
            URI target = balancer.choose(refused);
            if (target == null) {
                throw new UpstreamException(
                        UpstreamException.Kind.NO_TARGET,
                        "upstream " + upstream + ": no target is available"
                                + (soonest == null ? "" : "; " + soonest.getMessage()),
                        soonest);
            }
            Attempt last = exchange.attempt();
            exchange.attempt(new Attempt(
                    last == null ? 1 : last.number() + 1,
                    upstream,
                    target,
                    Objects.requireNonNull(shown.get(target), "a target of the balancer is one of the upstream's")));
            try {
                return attempt.proceed(request);
            } catch (TargetUnavailableException refusal) {
                if (refused.isEmpty()) {
                    refused = new HashSet<>();
                }
                refused.add(target);
                soonest = sooner(soonest, refusal);
            }
        }
    }

    private static TargetUnavailableException sooner(
            @Nullable TargetUnavailableException one, TargetUnavailableException other) {
        return one == null || other.retryAfter().compareTo(one.retryAfter()) < 0 ? other : one;
    }
}
