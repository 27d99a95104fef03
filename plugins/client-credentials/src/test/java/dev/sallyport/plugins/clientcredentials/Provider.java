package dev.sallyport.plugins.clientcredentials;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An identity provider on a free port: gives {@code token-1}, {@code token-2}, …, and records what it was asked. */
final class Provider implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** What it answers; {@code $} stands for the number. */
    volatile String answer = "{\"access_token\": \"token-$\", \"token_type\": \"Bearer\", \"expires_in\": 300}";

    volatile int status = 200;
    volatile Before before = () -> {};

    /** What happens before an answer is given. */
    @FunctionalInterface
    interface Before {
        void answer() throws InterruptedException;
    }

    /**
     * A request for a token.
     *
     * @param authorization the header; "" where there was none
     * @param form the parameters of the body
     */
    record Asked(String authorization, Map<String, String> form) {}

    Provider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> send(
                        exchange,
                        200,
                        "{\"issuer\": \"" + issuer() + "\", \"token_endpoint\": \"" + endpoint() + "\"}"));
        server.createContext("/token", this::token);
        server.setExecutor(threads);
        server.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI endpoint() {
        return URI.create(issuer() + "/token");
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String authorization = exchange.getRequestHeaders().getFirst("authorization");
        String told;
        synchronized (this) {
            asked.add(new Asked(authorization == null ? "" : authorization, form));
            told = answer.replace("$", Integer.toString(asked.size()));
        }
        try {
            before.answer();
        } catch (InterruptedException e) {
            exchange.close();
            return;
        }
        send(exchange, status, told);
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
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
