package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.Json;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.oauth.OpenIdProvider;
import dev.sallyport.oauth.Sender;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins at a provider that gives any ID token that a test wants. */
final class OidcLoginTest {

    private final FakeAdmin admin = new FakeAdmin();
    private final ManualClock clock = new ManualClock();
    private final HttpClient client = HttpClient.newHttpClient();
    private ECKey published;
    private ECKey signing;
    private String subject = "4711";
    private String wrong = "nothing";
    private String nonce = "";
    private HttpServer server;
    private SessionPages pages;

    @BeforeEach
    void start() throws Exception {
        published = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        signing = published;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Map<String, Object> metadata = Map.of(
                "issuer", issuer(),
                "authorization_endpoint", issuer() + "/authorize",
                "token_endpoint", issuer() + "/token",
                "jwks_uri", issuer() + "/keys",
                "response_types_supported", List.of("code"),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of("ES256"));
        server.createContext("/.well-known/openid-configuration", exchange -> send(exchange, Json.write(metadata)));
        server.createContext("/keys", exchange -> send(exchange, new JWKSet(published.toPublicJWK()).toString()));
        server.createContext(
                "/token",
                exchange -> send(
                        exchange,
                        Json.write(Map.of("access_token", "a", "token_type", "Bearer", "id_token", idToken()))));
        server.start();
        OidcConfig oidc = new OidcConfig(
                issuer(),
                "x",
                "console",
                null,
                ClientAuth.BASIC,
                List.of(),
                null,
                "preferred_username",
                new RolesConfig("roles", List.of("boss"), List.of(), List.of()));
        OpenIdProvider provider = new OpenIdProvider(
                issuer(), new Sender(client, Duration.ofSeconds(5)), clock, System.getLogger("test"), "console");
        pages = new SessionPages(
                new ConsoleConfig(Duration.ofMinutes(30), Duration.ofHours(8), 10, 1, true, 10, List.of(), oidc),
                clock,
                new OidcLogin(oidc, provider, clock, System.getLogger("test")));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        client.close();
    }

    private String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void send(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** One that is good but for what is to be wrong with it. */
    private String idToken() {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(wrong.equals("iss") ? "https://another.example" : issuer())
                .audience(wrong.equals("aud") ? "another" : "console")
                .subject(subject)
                .claim("nonce", wrong.equals("nonce") ? "another" : nonce)
                .claim("preferred_username", "admin")
                .claim("roles", List.of(wrong.equals("role") ? "clerk" : "boss"))
                .issueTime(Date.from(now.minusSeconds(7200)))
                .expirationTime(Date.from(wrong.equals("exp") ? now.minusSeconds(3600) : now.plusSeconds(300)))
                .build();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(), claims);
        try {
            jwt.sign(new ECDSASigner(signing));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private static String cookie(Answer answer) {
        return answer.headers().get("set-cookie", "");
    }

    private Answer ask(FakeCall call) throws IOException {
        Answer answer = pages.answer(call, call.path());
        assertThat(answer).isNotNull();
        return answer;
    }

    private Answer begin(String peer) throws IOException {
        FakeCall call = new FakeCall(admin, "GET", "/session/oidc");
        call.peer = peer;
        return ask(call);
    }

    /** What becomes of a login whose browser comes back from the provider. */
    private Answer comeBack(Answer begun) throws IOException {
        RequestTarget away = new RequestTarget(
                "/", URI.create(begun.headers().get("location", "")).getRawQuery());
        nonce = away.parameter("nonce");
        FakeCall call = new FakeCall(admin, "GET", "/session/oidc/callback")
                .with("cookie", cookie(begun).replaceFirst(";.*", ""));
        call.parameters.put("code", "c");
        call.parameters.put("state", away.parameter("state"));
        return ask(call);
    }

    private Answer login() throws IOException {
        return comeBack(begin("10.0.0.7"));
    }

    private Answer renew(String cookie) throws IOException {
        return ask(new FakeCall(admin, "POST", "/session/renew").with("cookie", cookie.replaceFirst(";.*", "")));
    }

    @Test
    void logsInUnderANameThatNoTokenHas() throws IOException {
        Answer in = login();

        assertThat(in.headers().get("location")).isEqualTo("/console/");
        assertThat(cookie(in)).startsWith("sallyport-console=").endsWith("SameSite=Strict");
        assertThat(renew(cookie(in)).status()).isEqualTo(200);
        assertThat(admin.audit).containsExactly("oidc:admin login");
    }

    @Test
    void tellsPeopleApartWhoCallThemselvesTheSame() throws IOException {
        String first = cookie(login());
        subject = "4712";

        String other = cookie(login());

        assertThat(renew(first).status()).as("another person has logged in").isEqualTo(200);
        subject = "4711";
        login();
        assertThat(renew(first).status()).as("the same person has").isEqualTo(401);
        assertThat(renew(other).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "nonce", "exp", "key"})
    void letsNobodyInWithATokenWhere(String claim) throws Exception {
        wrong = claim;
        if (claim.equals("key")) {
            signing = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        }

        Answer refused = login();

        assertThat(refused.headers().get("location")).isEqualTo("/console/?login=invalid");
        assertThat(cookie(refused)).doesNotContain("sallyport-console=");
        assertThat(admin.minted).isEmpty();
        assertThat(admin.audit).containsExactly("nobody login: the answer of the provider is not valid, from 10.0.0.7");
    }

    @Test
    void leavesASessionAloneUntilItHasSucceeded() throws IOException {
        String session = cookie(login());

        Answer begun = begin("10.0.0.7");
        assertThat(cookie(begun)).startsWith("sallyport-console-login=").contains("; Path=/console/session/oidc;");
        Answer failed = ask(new FakeCall(admin, "GET", "/session/oidc/callback"));
        assertThat(failed.headers().get("location")).isEqualTo("/console/?login=expired");
        assertThat(cookie(failed)).startsWith("sallyport-console-login=;").endsWith("Max-Age=0");

        assertThat(renew(session).status()).isEqualTo(200);
    }

    @Test
    void writesNoEndlessAuditLog() throws IOException {
        wrong = "role";
        for (int i = 0; i < 10; i++) {
            assertThat(login().headers().get("location")).isEqualTo("/console/?login=no-role");
        }

        assertThat(admin.audit).hasSize(5).allMatch(line -> line.startsWith("oidc:admin login: "));
    }

    @Test
    void forgetsNoLoginForThoseOfAnotherAddress() throws IOException {
        Answer begun = begin("10.0.0.7");
        for (int i = 0; i < 1100; i++) {
            begin("10.0.0.8");
        }

        assertThat(comeBack(begun).headers().get("location")).isEqualTo("/console/");
    }
}
