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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sends a request through a listener of this gateway, as a client on this machine would, and tells what comes back. It is
 * recorded step by step. A client is made for each: a test is seldom, and leaves no connection.
 */
public final class TryResource {

    private static final long LONGEST = 2 << 20;
    private static final int MOST_SHOWN = 256 << 10;
    private static final int MOST_LOGGED = 200;
    private static final long PATIENCE_SECONDS = 20;

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
            throw new RefusedCallException(new Problem(503, "overloaded", "Overloaded")
                    .withDetail(MOST + " test requests are under way (expected: fewer); ask again"));
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
            throw new RefusedCallException(
                    new Problem(503, "overloaded", "Overloaded").withDetail(String.valueOf(full.getMessage())));
        }
        return send(asked, address, tls, recorded);
    }

    private static ObjectNode send(Asked asked, Address address, boolean tls, Tracing.OneOff recorded)
            throws Exception {
        ClientConnector connector = new ClientConnector();
        if (tls) {
            connector.setSslContextFactory(new Self());
        }
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
        http.setFollowRedirects(false);
        http.setUserAgentField(null);
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.start();
        http.getContentDecoderFactories().clear(); // what came is shown as it came; its start sets some
        try {
            Request request = http.newRequest(host(address), address.port())
                    .scheme(tls ? "https" : "http")
                    .method(asked.method())
                    .path(asked.target())
                    .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .headers(headers -> {
                        asked.fields().forEach(field -> headers.add(field.name(), field.value()));
                        headers.put(Tracing.HEADER, recorded.value());
                    });
            if (!asked.body().isEmpty()) {
                try (InputStream body = asked.body().open()) {
                    request.body(new BytesRequestContent(body.readAllBytes()));
                }
            }
            InputStreamResponseListener listener = new InputStreamResponseListener();
            request.send(listener);
            Response response = listener.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            ObjectNode json = JsonMapper.shared().createObjectNode().put("status", response.getStatus());
            ObjectNode headers = json.putObject("headers");
            response.getHeaders()
                    .forEach(field ->
                            headers.withArrayProperty(field.getLowerCaseName()).add(field.getValue()));
            read(listener, json);
            return json.put("once", recorded.id());
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new RefusedCallException(new Problem(502, "no-response", "No response")
                    .withDetail("listener " + asked.listener() + " has not answered: " + cause));
        } finally {
            http.stop();
        }
    }

    /** As much of the body as people read; what may be endless is left then. */
    private static void read(InputStreamResponseListener listener, ObjectNode json) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        boolean cut;
        try (InputStream body = listener.getInputStream()) {
            shown.write(body.readNBytes(MOST_SHOWN));
            cut = body.read() >= 0;
        } catch (IOException broken) {
            json.put("broken", String.valueOf(broken.getMessage()));
            cut = true;
        }
        json.put("body", shown.toString(StandardCharsets.UTF_8)).put("cut", cut);
    }

    private static String host(Address address) {
        return switch (address.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            case String other -> other;
        };
    }

    /** The other end is this process: whose certificate it shows is known, so that nothing is to be warned of. */
    private static final class Self extends SslContextFactory.Client {

        Self() {
            super(true);
        }

        @Override
        protected void checkTrustAll() {}

        @Override
        protected void checkEndPointIdentificationAlgorithm() {}
    }
}
