package dev.sallyport.plugins.tokenintrospection;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An identity provider on a free port: says about a token what a test tells it to, and records what it was asked. */
final class Provider implements AutoCloseable {

    static final String METADATA = "/.well-known/openid-configuration";
    static final String INTROSPECTION = "/introspect";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile String metadata;
    private volatile int status = 200;
    private volatile String contentType = "application/json";
    private volatile Before before = () -> {};

    /** What happens before an answer is given. */
    @FunctionalInterface
    interface Before {
        void answer() throws InterruptedException;
    }

    /**
     * A question about a token.
     *
     * @param authorization the header; "" where there was none
     * @param form the parameters of the body
     */
    record Asked(String authorization, Map<String, String> form) {
        String token() {
            return Optional.ofNullable(form.get("token")).orElse("");
        }
    }

    Provider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        metadata = "{\"issuer\": \"" + issuer() + "\", \"introspection_endpoint\": \"" + endpoint() + "\"}";
        server.createContext(METADATA, exchange -> send(exchange, 200, metadata));
        server.createContext(INTROSPECTION, this::introspect);
        server.setExecutor(threads);
        server.start();
    }

    /** About that token it says this, a JSON text; about others that they are not active. */
    Provider says(String token, String json) {
        answers.put(token, json);
        return this;
    }

    /** Answers each question like this. */
    Provider status(int newStatus, String newContentType) {
        status = newStatus;
        contentType = newContentType;
        return this;
    }

    Provider metadata(String json) {
        metadata = json;
        return this;
    }

    Provider before(Before newBefore) {
        before = newBefore;
        return this;
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI endpoint() {
        return URI.create(issuer() + INTROSPECTION);
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void introspect(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String authorization = exchange.getRequestHeaders().getFirst("authorization");
        Asked question = new Asked(authorization == null ? "" : authorization, form);
        asked.add(question);
        try {
            before.answer();
        } catch (InterruptedException e) {
            exchange.close();
            return;
        }
        send(exchange, status, answers.getOrDefault(question.token(), "{\"active\": false}"));
    }

    private void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", contentType);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
