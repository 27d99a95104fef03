package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An identity provider on a free port: serves what a test puts under a path, and records what was asked for. */
final class Provider implements AutoCloseable {

    static final String METADATA = "/.well-known/openid-configuration";
    static final String KEYS = "/keys";

    private final HttpServer server;
    private final Map<String, String> documents = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Provider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            String document = documents.get(path);
            byte[] bytes = (document == null ? "not here" : document).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(document == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        put(METADATA, "{\"issuer\": \"" + issuer() + "\", \"jwks_uri\": \"" + url(KEYS) + "\"}");
    }

    Provider with(JWK... keys) {
        return put(KEYS, new JWKSet(List.of(keys)).toString(false));
    }

    Provider put(String path, String document) {
        documents.put(path, document);
        return this;
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    URI url(String path) {
        return URI.create(issuer() + path);
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
