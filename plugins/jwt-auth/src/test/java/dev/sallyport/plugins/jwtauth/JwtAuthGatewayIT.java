package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.TestAuthority;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JwtAuthGatewayIT {

    private static ECKey key;

    private TestUpstream upstream;
    private Provider provider;

    @BeforeAll
    static void makeKey() throws JOSEException {
        key = Tokens.ecKey("k1");
    }

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
        provider = new Provider().with(key.toPublicJWK());
    }

    @AfterEach
    void stop() {
        provider.close();
        upstream.close();
    }

    private String example() {
        return MarkdownPage.examples()
                .getFirst()
                .replace("https://id.example.com/realms/shop", provider.issuer())
                .replace("http://127.0.0.1:9001", upstream.address().toString());
    }

    /** What the example asks for, of the clock on the wall. */
    private static Map<String, Object> claims(String issuer) {
        Map<String, Object> claims = Tokens.claims(issuer);
        claims.put("aud", "orders");
        claims.put("exp", Instant.now().getEpochSecond() + 300);
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("realm_access", Map.of("roles", List.of("clerk", "buyer")));
        return claims;
    }

    private static HttpResponse<String> ask(TestGateway gateway, Map<String, Object> claims) throws JOSEException {
        return gateway.get("/orders/1", "authorization", "Bearer " + Tokens.signed(key, claims), "x-user", "forged");
    }

    @Test
    void servesTheExampleOfItsPage() throws JOSEException {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> passed = ask(gateway, claims(provider.issuer()));

            assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-user")).containsExactly("alice");
            assertThat(upstream.last().header("x-roles")).hasValue("clerk, buyer");
            assertThat(provider.asked()).contains(Provider.METADATA, Provider.KEYS);
        }
    }

    @Test
    void answers401WithoutATokenAndWithOneThatIsNotValid() throws JOSEException {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> missing = gateway.get("/orders/1");
            assertThat(missing.statusCode()).isEqualTo(401);
            assertThat(missing.headers().firstValue("www-authenticate")).hasValue("Bearer realm=\"api\"");
            assertThat(missing.body()).contains("urn:sallyport:problem:token-missing");

            Map<String, Object> expired = claims(provider.issuer());
            expired.put("exp", Instant.now().getEpochSecond() - 300);
            HttpResponse<String> invalid = ask(gateway, expired);
            assertThat(invalid.statusCode()).isEqualTo(401);
            assertThat(invalid.headers().firstValue("www-authenticate").orElseThrow())
                    .startsWith("Bearer realm=\"api\", error=\"invalid_token\"");

            String ofAStranger = Tokens.signed(Tokens.ecKey("k1"), claims(provider.issuer()));
            assertThat(gateway.get("/orders/1", "authorization", "Bearer " + ofAStranger)
                            .statusCode())
                    .isEqualTo(401);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void answers403WhereAScopeOrAClaimIsMissing() throws JOSEException {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            Map<String, Object> otherScope = claims(provider.issuer());
            otherScope.put("scope", "orders:write");
            HttpResponse<String> refused = ask(gateway, otherScope);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().firstValue("www-authenticate").orElseThrow())
                    .contains("insufficient_scope", "orders:read");

            Map<String, Object> otherRole = claims(provider.issuer());
            otherRole.put("realm_access", Map.of("roles", List.of("guest")));
            assertThat(ask(gateway, otherRole).statusCode()).isEqualTo(403);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void answers503WhereThereAreNoKeys() throws JOSEException {
        provider.put(Provider.KEYS, "not a key set");
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            HttpResponse<String> response = ask(gateway, claims(provider.issuer()));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("urn:sallyport:problem:token-keys-unavailable");
            assertThat(response.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void takesKeysFromAFile() throws JOSEException {
        String example = MarkdownPage.examples()
                .get(1)
                .replace("http://127.0.0.1:9001", upstream.address().toString());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("keys.json", new JWKSet(key.toPublicJWK()).toString())
                .start(example)) {
            assertThat(ask(gateway, claims("https://id.example.com")).statusCode())
                    .isEqualTo(200);
            assertThat(ask(gateway, claims("https://other.example.com")).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void keepsItsKeysOverAReloadUntilTheSettingsChange() throws JOSEException {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example())) {
            assertThat(ask(gateway, claims(provider.issuer())).statusCode()).isEqualTo(200);
            int asked = provider.asked().size();

            ReloadResult unchanged = gateway.configure(example());

            assertThat(unchanged.kept()).isEqualTo(1);
            assertThat(unchanged.created()).isZero();
            assertThat(ask(gateway, claims(provider.issuer())).statusCode()).isEqualTo(200);
            assertThat(provider.asked()).hasSize(asked);

            ReloadResult changed = gateway.configure(example().replace("audience: orders", "audience: invoices"));

            assertThat(changed.created()).isEqualTo(1);
            assertThat(ask(gateway, claims(provider.issuer())).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void takesTokensOfAPartnerAndProofsFromThoseWhoHaveThem() throws JOSEException {
        ECKey partners = Tokens.ecKey("k1");
        try (Provider partner = new Provider().with(partners.toPublicJWK());
                TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .start(MarkdownPage.examples()
                                .get(2)
                                .replace("https://id.example.com/realms/shop", provider.issuer())
                                .replace("https://id.partner.example.com", partner.issuer())
                                .replace(
                                        "http://127.0.0.1:9001",
                                        upstream.address().toString()))) {
            Map<String, Object> partnersClaims = claims(partner.issuer());
            partnersClaims.put("aud", "shop-orders");
            Map<String, Object> bound = claims(provider.issuer());
            bound.put("cnf", Map.of("jkt", partners.computeThumbprint().toString()));
            String boundToken = access(key, bound);
            Map<String, Object> proof =
                    Tokens.proof("GET", gateway.address().resolve("/orders/1").toString(), boundToken);
            proof.put("iat", Instant.now().getEpochSecond());
            String proven = Tokens.signed(partners, Tokens.proofHeader(partners).build(), proof);

            HttpResponse<String> ofPartner = bearer(gateway, access(partners, partnersClaims));
            HttpResponse<String> forged = bearer(gateway, access(partners, claims(provider.issuer())));
            HttpResponse<String> otherType = ask(gateway, claims(provider.issuer()));
            HttpResponse<String> unproven = bearer(gateway, boundToken);
            HttpResponse<String> withProof =
                    gateway.get("/orders/1", "authorization", "DPoP " + boundToken, "dpop", proven);

            assertThat(ofPartner.statusCode()).as(ofPartner.body()).isEqualTo(200);
            assertThat(forged.statusCode()).isEqualTo(401);
            assertThat(otherType.statusCode()).isEqualTo(401);
            assertThat(unproven.body()).contains("urn:sallyport:problem:token-proof-invalid");
            assertThat(withProof.statusCode()).as(withProof.body()).isEqualTo(200);
        }
    }

    @Test
    void takesATokenThatIsBoundToACertificateOnlyFromItsOwner(@TempDir Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        authority.issue("web", "EC", "localhost", "127.0.0.1");
        authority.issue("other", "EC");
        byte[] shown = authority.issue("owner", "EC").getEncoded();
        Map<String, Object> claims = claims(provider.issuer());
        claims.put(
                "cnf",
                Map.of(
                        "x5t#S256",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256").digest(shown))));
        String token = Tokens.signed(key, claims);
        String tls = "{certificate: %s, key: %s, clientAuth: optional, clientCa: %s}"
                .formatted(folder.resolve("web.pem"), folder.resolve("web.key"), folder.resolve("ca.pem"));
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .start("""
                    listeners: [{name: web, address: "127.0.0.1:0", tls: %s}]
                    routes:
                      - name: orders
                        match: {paths: [/**]}
                        plugins: [{jwt-auth: {issuer: "%s"}}]
                        upstream: %s
                    """.formatted(tls, provider.issuer(), upstream.address()))) {
            assertThat(statusBy(gateway, authority.client("owner"), token)).isEqualTo(200);
            assertThat(statusBy(gateway, authority.client("other"), token)).isEqualTo(401);
            assertThat(statusBy(gateway, authority.client(null), token)).isEqualTo(401);
        }
    }

    private static int statusBy(TestGateway gateway, SSLContext tls, String token) throws Exception {
        URI address = URI.create(gateway.address().toString().replace("http:", "https:") + "/orders/1");
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(
                            HttpRequest.newBuilder(address)
                                    .header("authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static String access(ECKey signer, Map<String, Object> claims) throws JOSEException {
        return Tokens.signed(
                signer, Tokens.header(signer).type(new JOSEObjectType("at+jwt")).build(), claims);
    }

    private static HttpResponse<String> bearer(TestGateway gateway, String token) {
        return gateway.get("/orders/1", "authorization", "Bearer " + token);
    }
}
