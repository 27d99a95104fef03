package dev.sallyport.plugins.oidclogin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.api.Json;
import dev.sallyport.api.RequestTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A small OpenID provider on a free port, which keeps the rules that a real one keeps: codes and refresh tokens are taken
 * once, from who asked for them. Where a test wants it to do otherwise, it says so. {@code alice} is always logged in.
 */
final class TestProvider implements AutoCloseable {

    static final String CLIENT = "shop";
    static final String SECRET = "s3cret";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> pushed = new ConcurrentHashMap<>();
    private final Map<String, Boolean> refreshTokens = new ConcurrentHashMap<>();
    private final List<Map<String, String>> tokenRequests = new CopyOnWriteArrayList<>();
    private final AtomicInteger serial = new AtomicInteger();
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    /** The key that it signs by, and publishes. */
    volatile ECKey key = ecKey("k1");

    /** Changes the claims of the ID tokens to come. */
    volatile Consumer<Map<String, Object>> idToken = claims -> {};

    /** Changes the answers of the token endpoint to come. */
    volatile Consumer<Map<String, Object>> answer = tokens -> {};

    /** What happens before tokens are given. */
    volatile Runnable beforeTokens = () -> {};

    /** The status that the token endpoint fails with: 400 where it ends what it is asked about; 0 for none. */
    volatile int failWith;

    volatile long lifetime = 300;
    volatile boolean givesRefreshTokens = true;
    volatile boolean givesIdTokenAtRefresh = true;

    TestProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        metadata.put("issuer", issuer());
        metadata.put("authorization_endpoint", issuer() + "/authorize");
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("jwks_uri", issuer() + "/keys");
        metadata.put("response_types_supported", List.of("code"));
        metadata.put("subject_types_supported", List.of("public"));
        metadata.put("id_token_signing_alg_values_supported", List.of("ES256"));
        server.createContext(
                "/.well-known/openid-configuration", exchange -> send(exchange, 200, Json.write(metadata)));
        server.createContext("/keys", exchange -> send(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        server.createContext("/par", this::push);
        server.createContext("/token", this::token);
        server.setExecutor(threads);
        server.start();
    }

    /** Tells more of itself, or something else; null leaves it out. */
    TestProvider tells(String name, Object value) {
        metadata.put(name, value);
        return this;
    }

    TestProvider offersPar() {
        return tells("pushed_authorization_request_endpoint", issuer() + "/par");
    }

    TestProvider offersLogout() {
        return tells("end_session_endpoint", issuer() + "/logout");
    }

    TestProvider namesItself() {
        return tells("authorization_response_iss_parameter_supported", true);
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it was asked at the token endpoint, oldest first. */
    List<Map<String, String>> tokenRequests() {
        return List.copyOf(tokenRequests);
    }

    /** A person says yes at the page of that URL: path and query of the callback to which the browser is sent. */
    String approve(URI authorization) {
        Map<String, String> asked = asked(authorization);
        String code = "code-" + serial.incrementAndGet();
        codes.put(code, asked);
        return URI.create(asked.get("redirect_uri")).getRawPath() + "?code=" + code + "&state="
                + encoded(asked.get("state"))
                + (metadata.containsKey("authorization_response_iss_parameter_supported")
                        ? "&iss=" + encoded(issuer())
                        : "");
    }

    /** What a browser that comes to that URL asks, whether pushed before or not. */
    Map<String, String> asked(URI authorization) {
        Map<String, String> asked = form(authorization.getRawQuery());
        String reference = asked.get("request_uri");
        return reference == null
                ? asked
                : Optional.ofNullable(pushed.remove(reference)).orElseThrow();
    }

    private void push(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(body(exchange));
        String reference = "urn:ietf:params:oauth:request_uri:" + UUID.randomUUID();
        pushed.put(reference, form);
        send(exchange, 201, Json.write(Map.of("request_uri", reference, "expires_in", 60)));
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(body(exchange));
        tokenRequests.add(form);
        beforeTokens.run();
        if (failWith != 0) {
            send(exchange, failWith, Json.write(Map.of("error", failWith == 400 ? "invalid_grant" : "server_error")));
            return;
        }
        String error = error(exchange, form);
        if (error != null) {
            send(exchange, 400, Json.write(Map.of("error", error)));
            return;
        }
        boolean first = form.get("grant_type").equals("authorization_code");
        String nonce = first ? codes.remove(form.get("code")).get("nonce") : null;
        Map<String, Object> tokens = new LinkedHashMap<>();
        String access = "access-" + serial.incrementAndGet();
        tokens.put("access_token", access);
        tokens.put("token_type", "Bearer");
        tokens.put("expires_in", lifetime);
        if (givesRefreshTokens) {
            String refresh = "refresh-" + serial.incrementAndGet();
            refreshTokens.put(refresh, true);
            tokens.put("refresh_token", refresh);
        }
        if (first || givesIdTokenAtRefresh) {
            tokens.put("id_token", sign(idTokenClaims(nonce, access), JOSEObjectType.JWT));
        }
        answer.accept(tokens);
        send(exchange, 200, Json.write(tokens));
    }

    private String error(HttpExchange exchange, Map<String, String> form) {
        String authorization = exchange.getRequestHeaders().getFirst("authorization");
        boolean known = authorization == null
                ? CLIENT.equals(form.get("client_id"))
                : authorization.equals("Basic "
                        + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8)));
        if (!known) {
            return "invalid_client";
        }
        if (form.get("grant_type").equals("refresh_token")) {
            return refreshTokens.remove(form.get("refresh_token")) == null ? "invalid_grant" : null;
        }
        Map<String, String> asked = codes.get(form.get("code"));
        boolean fits = asked != null
                && asked.get("redirect_uri").equals(form.get("redirect_uri"))
                && asked.get("code_challenge").equals(challenge(form.get("code_verifier")));
        return fits ? null : "invalid_grant";
    }

    private Map<String, Object> idTokenClaims(String nonce, String access) {
        Map<String, Object> claims = new LinkedHashMap<>();
        long now = Instant.now().getEpochSecond();
        claims.put("iss", issuer());
        claims.put("sub", "alice");
        claims.put("aud", CLIENT);
        claims.put("exp", now + 300);
        claims.put("iat", now);
        claims.put("sid", "session-1");
        claims.put("email", "alice@example.com");
        claims.put("groups", List.of("clerks", "buyers"));
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        claims.put(
                "at_hash", Base64URL.encode(Arrays.copyOf(sha256(access), 16)).toString());
        idToken.accept(claims);
        return claims;
    }

    /** A logout token for this client about {@code session-1} of {@code alice}, changed. */
    String logoutToken(Consumer<Map<String, Object>> change) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer());
        claims.put("sub", "alice");
        claims.put("aud", CLIENT);
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("exp", Instant.now().getEpochSecond() + 60);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sid", "session-1");
        claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        change.accept(claims);
        return sign(claims, new JOSEObjectType("logout+jwt"));
    }

    String sign(Map<String, Object> claims, JOSEObjectType type) {
        try {
            JWSObject jws = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(type)
                            .keyID(key.getKeyID())
                            .build(),
                    new Payload(claims));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        return verifier == null ? "" : Base64URL.encode(sha256(verifier)).toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> form(String encoded) {
        RequestTarget target = new RequestTarget("/", encoded);
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : encoded.split("&", -1)) {
            String name = pair.substring(0, pair.indexOf('='));
            form.put(name, target.parameter(name));
        }
        return form;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
