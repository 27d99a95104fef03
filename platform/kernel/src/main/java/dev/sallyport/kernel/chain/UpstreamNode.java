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
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The end of a route's chain: chooses a target and runs the steps of the attempt; where they refuse it, another one. */
final class UpstreamNode implements Next {

    private final String upstream;
    private final Supplier<Balancer> balancer;
    private final Map<URI, String> shown;
    private final Next attempt;

    /**
     * @param balancer what chooses now
     * @param shown how targets are shown that are not shown as they are
     * @param attempt the first step of the attempt, or the wire
     */
    UpstreamNode(String upstream, Supplier<Balancer> balancer, Map<URI, String> shown, Next attempt) {
        this.upstream = upstream;
        this.balancer = balancer;
        this.shown = shown;
        this.attempt = attempt;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Balancer choosing = balancer.get();
        Set<URI> refused = Set.of();
        TargetUnavailableException soonest = null;
        while (true) {
            URI target = choosing.choose(refused);
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
                    shown.getOrDefault(target, target.toString())));
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
