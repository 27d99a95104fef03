package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.http.SideServer.Query;
import dev.sallyport.kernel.http.SideServer.SideHandler;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The status endpoints: {@code /livez} (the process makes progress; upstreams and stores have no say in it), {@code /readyz}
 * (it takes traffic; what does not work is listed, and is no reason to refuse the rest) and {@code /metrics}.
 */
public final class StatusApi implements SideHandler {

    private static final JsonMapper JSON = new JsonMapper();

    /** Whether it takes traffic, and what does not work. */
    public record Readiness(boolean ready, String why, List<String> degraded) {}

    private final BooleanSupplier alive;
    private final Supplier<Readiness> readiness;
    private final Function<@Nullable String, Answer> metrics;

    /** @param metrics the page for Prometheus, by the value of Accept */
    public StatusApi(BooleanSupplier alive, Supplier<Readiness> readiness, Function<@Nullable String, Answer> metrics) {
        this.alive = alive;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    @Override
    public Answer answer(Query query) {
        if (!query.method().equals("GET") && !query.method().equals("HEAD")) {
            return Answer.problem(new Problem(405, "method-not-allowed", "Method not allowed"))
                    .withHeader("allow", "GET, HEAD");
        }
        return switch (query.path()) {
            case "/livez" ->
                alive.getAsBoolean()
                        ? Answer.json(200, "{\"status\":\"alive\"}")
                        : Answer.json(503, "{\"status\":\"stalled\"}");
            case "/readyz" -> ready();
            case "/metrics" -> metrics.apply(query.header("accept"));
            default ->
                Answer.problem(
                        new Problem(404, "no-route", "No route").withDetail("there are /livez, /readyz and /metrics"));
        };
    }

    private Answer ready() {
        Readiness now = readiness.get();
        ObjectNode json = JSON.createObjectNode();
        json.put("status", now.ready() ? "ready" : now.why());
        now.degraded().forEach(json.putArray("degraded")::add);
        return Answer.json(now.ready() ? 200 : 503, json.toString());
    }
}
