package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.canary.Arm;
import dev.sallyport.kernel.deploy.Watch;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A watched change as JSON. */
final class WatchView {

    private WatchView() {}

    static ObjectNode of(@Nullable Watch watch) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        if (watch == null) {
            return json.put("state", "none");
        }
        json.put("state", watch.state().toString())
                .put("generation", watch.generation())
                .put("before", watch.before())
                .put("until", watch.until().toString());
        if (!watch.why().isEmpty()) {
            json.put("why", watch.why());
        }
        Set<String> routes = watch.routes();
        if (routes != null) {
            routes.forEach(json.putArray("routes")::add);
        }
        add(json.putObject("was"), watch.then());
        add(json.putObject("is"), watch.now());
        return json;
    }

    private static void add(ObjectNode json, Arm arm) {
        json.put("requests", arm.requests())
                .put("errors", arm.errors())
                .put("errorRate", arm.errorRate())
                .put("p99Millis", arm.latencyMillis(0.99));
    }
}
