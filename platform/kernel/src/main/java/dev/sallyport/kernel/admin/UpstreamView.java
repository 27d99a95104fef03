package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.balance.AdaptiveConcurrency;
import dev.sallyport.kernel.balance.LiveTarget;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.discovery.Feed;
import dev.sallyport.kernel.discovery.Found;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An upstream as the admin API shows it: how it balances, and how each of its targets does. */
final class UpstreamView {

    private static final JsonMapper JSON = new JsonMapper();

    private UpstreamView() {}

    static ObjectNode of(Generation generation, String name) {
        TargetGroup group = Objects.requireNonNull(generation.groups().get(name), name);
        ResolvedConfig config = generation.config();
        ObjectNode json = JSON.createObjectNode()
                .put("name", name)
                .put("balance", group.balance().told())
                .put("panic", group.isPanic());
        AdaptiveConcurrency concurrency = group.concurrency();
        if (concurrency != null) {
            json.putObject("concurrency")
                    .put("limit", concurrency.limit())
                    .put("waiting", concurrency.waiting())
                    .put("shed", concurrency.shed());
        }
        ArrayNode targets = json.putArray("targets");
        group.states().forEach(state -> put(config, group, state, targets.addObject()));
        Feed feed = generation.discovered().feed(name);
        if (feed != null) {
            put(feed, json.putObject("discovery"));
        }
        return json;
    }

    private static void put(Feed feed, ObjectNode json) {
        Found found = feed.found();
        json.put("source", feed.source())
                .put("state", found.state())
                .put("since", found.since().toString());
        if (found.away() != null) {
            json.put("reason", found.away());
        }
    }

    private static void put(ResolvedConfig config, TargetGroup group, TargetGroup.State state, ObjectNode json) {
        json.put("url", config.shown(state.url().toString()))
                .put("weight", state.weight())
                .put("weightNow", state.weightNow())
                .put("backup", state.backup())
                .put("health", !group.isChecked() ? "unchecked" : state.healthy() ? "healthy" : "unhealthy")
                .put("ejected", state.ejectedFor() != null)
                .put("ejections", state.ejections())
                .put("inFlight", state.inFlight())
                .put("requests", state.picks());
        if (state.ejectedFor() != null) {
            json.put("ejectedForMillis", state.ejectedFor().toMillis());
        }
        LiveTarget.Failure failure = state.lastFailure();
        if (failure != null) {
            json.putObject("lastFailure")
                    .put("what", config.hide(failure.what()))
                    .put("at", failure.at().toString());
        }
    }
}
