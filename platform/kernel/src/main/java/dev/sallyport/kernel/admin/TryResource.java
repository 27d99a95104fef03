package dev.sallyport.kernel.admin;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.GatewayConfig.Role;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.explain.Question;
import dev.sallyport.kernel.explain.QuestionJson;
import dev.sallyport.kernel.http.Asked;
import dev.sallyport.kernel.http.SideServer.Answer;
import dev.sallyport.kernel.trace.Tracing;
import dev.sallyport.kernel.upstream.OwnListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a request through a listener of this gateway, as a client on this machine would, and tells what comes back. It is
 * recorded step by step.
 */
public final class TryResource {

    private static final long LONGEST = 2 << 20;
    private static final int MOST_SHOWN = 256 << 10;
    private static final int MOST_LOGGED = 200;

    /** At once: each has a client of its own, and a thread that is one of a few. */
    private static final int MOST = 4;

    private final Supplier<Generation> serving;
    private final Supplier<Map<String, Address>> addresses;
    private final Tracing tracing;
    private final Semaphore free = new Semaphore(MOST);

    /** @param addresses where listeners are, by name */
    public TryResource(Supplier<Generation> serving, Supplier<Map<String, Address>> addresses, Tracing tracing) {
        this.serving = serving;
        this.addresses = addresses;
        this.tracing = tracing;
    }

    /** Adds it to the API. */
    public AdminApi offerOn(AdminApi api) {
        return api.offer(Resource.of(
                        "try",
                        "POST",
                        "/v1/try",
                        Role.OPERATE,
                        "Sends a request through a listener of this gateway, records it, and tells the response.",
                        this::run)
                .taking(LONGEST, "application/json")
                .slowly());
    }

    private Answer run(Call call) throws Exception {
        ResolvedConfig resolved = serving.get().config();
        GatewayConfig config = resolved.config();
        Asked asked;
        try {
            Question question = QuestionJson.read(JsonMapper.shared().readTree(call.text()));
            asked = question.asked(config, addresses.get());
        } catch (JacksonException e) {
            throw RefusedCallException.badRequest("the body is not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw RefusedCallException.badRequest(String.valueOf(e.getMessage()));
        }
        Address address = addresses.get().get(asked.listener());
        if (address == null || address.socket() != null) {
            throw RefusedCallException.badRequest(
                    "listener: " + asked.listener() + " (expected: one that has a port and is open now)");
        }
        boolean tls = config.listeners().stream()
                .anyMatch(each -> each.name().equals(asked.listener()) && each.tls() != null);
        call.details()
                .put("listener", asked.listener())
                .put("method", asked.method())
                .put("host", host(asked))
                .put("path", path(asked, resolved));
        if (!free.tryAcquire()) {
            throw RefusedCallException.overloaded(MOST + " test requests are under way (expected: fewer); ask again");
        }
        try {
            return Answer.json(200, recorded(asked, address, tls).toString());
        } finally {
            free.release();
        }
    }

    private static String host(Asked asked) {
        return asked.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase("host"))
                .map(Asked.Field::value)
                .findFirst()
                .orElse("");
    }

    /** Its path as it may stand in a log: a query, where secrets are more likely, is not there at all. */
    private static String path(Asked asked, ResolvedConfig resolved) {
        int query = asked.target().indexOf('?');
        String path = resolved.hide(query < 0 ? asked.target() : asked.target().substring(0, query));
        return path.length() <= MOST_LOGGED ? path : path.substring(0, MOST_LOGGED) + "…";
    }

    private ObjectNode recorded(Asked asked, Address address, boolean tls) throws Exception {
        Tracing.OneOff recorded;
        try {
            recorded = tracing.oneOff();
        } catch (IllegalStateException full) {
            throw RefusedCallException.overloaded(String.valueOf(full.getMessage()));
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (Asked.Field field : asked.fields()) {
            if (!field.name().equalsIgnoreCase(Tracing.HEADER)) {
                fields.add(Map.entry(field.name(), field.value()));
            }
        }
        fields.add(Map.entry(Tracing.HEADER, recorded.value()));
        try (InputStream body = asked.body().open()) {
            OwnListener.Answered answered = new OwnListener(address, tls)
                    .send(asked.method(), asked.target(), fields, body.readAllBytes(), MOST_SHOWN);
            return json(answered).put("once", recorded.id());
        } catch (IOException e) {
            throw new RefusedCallException(new Problem(502, "no-response", "No response")
                    .withDetail("listener " + asked.listener() + " has not answered: " + e.getMessage()));
        }
    }

    private static ObjectNode json(OwnListener.Answered answered) {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("status", answered.status());
        ObjectNode headers = json.putObject("headers");
        answered.fields()
                .forEach(field -> headers.withArrayProperty(field.getKey()).add(field.getValue()));
        if (answered.broken() != null) {
            json.put("broken", answered.broken());
        }
        return json.put("body", answered.body()).put("cut", answered.cut());
    }
}
