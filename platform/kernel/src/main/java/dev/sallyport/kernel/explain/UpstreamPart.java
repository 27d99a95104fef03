package dev.sallyport.kernel.explain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Request;
import dev.sallyport.kernel.balance.LiveTarget;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.AskedExchange;
import dev.sallyport.kernel.chain.Way;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.upstream.UpstreamClient;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells of one upstream of a route: which target is chosen, through which steps, and what is sent to it. */
final class UpstreamPart {

    private final Subject subject;
    private final Way way;
    private final ResolvedRoute route;
    private final AskedExchange exchange;
    private final StepsWalk walk;

    UpstreamPart(Subject subject, Way way, ResolvedRoute route, AskedExchange exchange, StepsWalk walk) {
        this.subject = subject;
        this.way = way;
        this.route = route;
        this.exchange = exchange;
        this.walk = walk;
    }

    void tell(ResolvedRoute.Part part, ObjectNode json) {
        ResolvedConfig config = subject.config();
        UpstreamConfig upstream = Objects.requireNonNull(config.upstreams().get(part.name()), part.name());
        TargetGroup group = subject.targets(part.name(), upstream);
        boolean live = subject instanceof Subject.Compiled;
        json.put("name", part.name())
                .put("place", upstream.place().toString())
                .put("balance", upstream.balance().told());
        Discover discover = upstream.discover();
        if (discover != null) {
            json.put("discover", config.shown(discover.source()));
        }
        if (live && group.isPanic()) {
            json.put("panic", true);
        }
        ArrayNode targets = json.putArray("targets");
        group.states().forEach(state -> target(state, group, live, targets.addObject()));
        if (live && walk.answer() == null) {
            unavailable(group);
        }
        LiveTarget chosen = walk.answer() == null ? group.foresee(walk.request()) : null;
        if (chosen != null) {
            String shown = config.shown(chosen.url().toString());
            json.put("target", shown);
            exchange.attempt(new Attempt(1, part.name(), chosen.url(), shown));
        }
        walk.walkAttempt(
                part.name(),
                config.upstreamSteps().getOrDefault(part.name(), List.of()),
                way.attempts().getOrDefault(part.name(), List.of()));
        exchange.attempt(null);
        json.put("reached", walk.answer() == null);
        if (walk.answer() == null) {
            sends(walk.request(), upstream, chosen, json);
        }
    }

    /** As things are. */
    private void unavailable(TargetGroup group) {
        if (group.states().stream().noneMatch(state -> state.weightNow() > 0)) {
            walk.answer(new StepsWalk.Answer(503, "gateway", "no target of " + group.upstream() + " is available"));
        } else if (!group.hasRoom()) {
            walk.answer(new StepsWalk.Answer(503, "gateway", group.upstream() + " has as many requests as it may"));
        }
    }

    private void target(TargetGroup.State state, TargetGroup group, boolean live, ObjectNode json) {
        json.put("url", subject.config().shown(state.url().toString())).put("weight", state.weight());
        if (state.backup()) {
            json.put("backup", true);
        }
        if (live) {
            json.put("weightNow", state.weightNow())
                    .put("health", !group.isChecked() ? "unchecked" : state.healthy() ? "healthy" : "unhealthy")
                    .put("ejected", state.ejectedFor() != null)
                    .put("inFlight", state.inFlight());
        }
    }

    private String authority(LiveTarget target) {
        String shown = subject.config().shown(target.url().toString());
        return shown.startsWith("http")
                ? shown.substring(shown.indexOf("://") + 3)
                : UpstreamClient.authority(target.url());
    }

    private void sends(Request request, UpstreamConfig upstream, @Nullable LiveTarget chosen, ObjectNode json) {
        String host = switch (upstream.host()) {
            case "client" -> request.headers().get("host", "");
            case "target" -> chosen == null ? "the target's" : authority(chosen);
            default -> subject.config().shown(upstream.host());
        };
        json.put("host", host).put("sends", subject.config().hide(request.method() + " " + request.target()));
        UpstreamConfig.Timeouts timeouts = route.route().timeouts() == null
                ? upstream.timeouts()
                : route.route().timeouts();
        ObjectNode times = json.putObject("timeoutsMillis")
                .put("connect", timeouts.connect().toMillis())
                .put("firstByte", timeouts.firstByte().toMillis())
                .put("idle", timeouts.idle().toMillis());
        if (timeouts.total() != null) {
            times.put("total", timeouts.total().toMillis());
        }
    }
}
