package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The step in a real gateway, against a real Keycloak. */
final class JwtAuthKeycloakIT {

    private static final boolean PROOF = Boolean.getBoolean("sallyport.proof");

    private static Keycloak keycloak;

    @BeforeAll
    static void start() {
        keycloak = Keycloak.start();
    }

    @AfterAll
    static void stop() {
        keycloak.close();
    }

    /** A realm of that name with a client {@code till}, whose tokens are meant for {@code orders}. */
    private static KeycloakRealm realm(String name) {
        return keycloak.create("""
            {"realm": "%s", "enabled": true, "accessTokenLifespan": 3600, "clients": [
              {"clientId": "till", "secret": "s3cret", "publicClient": false, "serviceAccountsEnabled": true,
                "directAccessGrantsEnabled": true, "protocolMappers": [%s]}]}
            """.formatted(name, KeycloakRealm.audienceMapper("orders")));
    }

    private static TestGateway gateway(KeycloakRealm realm, String settings, Object upstream) {
        return TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: orders
                plugins:
                  - jwt-auth: {issuer: "%s", audience: orders%s}
                upstream: "%s"
            """.formatted(realm.issuer(), settings, upstream));
    }

    @Test
    void acceptsAnAccessTokenAndNoneOfTheOthers() {
        KeycloakRealm realm = realm("tokens");
        realm.createUser("alice", "pass");
        JsonNode tokens = realm.tokens(Map.of(
                "grant_type", "password",
                "client_id", "till",
                "client_secret", "s3cret",
                "username", "alice",
                "password", "pass",
                "scope", "openid"));
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(
                        realm,
                        ", consumer: preferred_username, scopes: [profile],"
                                + " claims: {headers: {x-user: preferred_username}}",
                        upstream.address())) {
            HttpResponse<String> access = bearer(gateway, tokens, "access_token");
            HttpResponse<String> id = bearer(gateway, tokens, "id_token");
            HttpResponse<String> refresh = bearer(gateway, tokens, "refresh_token");

            assertThat(access.statusCode()).as(access.body()).isEqualTo(200);
            assertThat(upstream.last().header("x-user")).hasValue("alice");
            assertThat(id.statusCode()).isEqualTo(401);
            assertThat(id.body()).contains("The token is meant for another audience.");
            assertThat(refresh.statusCode()).isEqualTo(401);
            assertThat(refresh.body()).contains("The token is signed by an algorithm that is not accepted.");
        }
    }

    @Test
    void acceptsATokenThatIsBoundToAKeyFromItsHolderOnly() throws Exception {
        KeycloakRealm realm = realm("dpop");
        realm.createClient("""
            {"clientId": "wallet", "secret": "s3cret", "publicClient": false, "serviceAccountsEnabled": true,
              "attributes": {"dpop.bound.access.tokens": "true"}, "protocolMappers": [%s]}
            """.formatted(KeycloakRealm.audienceMapper("orders")));
        ECKey holder = Tokens.ecKey("holder");
        String token = realm.tokens(
                        Map.of("grant_type", "client_credentials", "client_id", "wallet", "client_secret", "s3cret"),
                        "dpop",
                        proof(holder, "POST", realm.endpoint("token").toString(), ""))
                .required("access_token")
                .asString();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(realm, ", dpop: {}", upstream.address())) {
            String url = gateway.address().resolve("/orders").toString();
            String proof = proof(holder, "GET", url, token);
            String authorization = "DPoP " + token;

            HttpResponse<String> proven = gateway.get("/orders", "authorization", authorization, "dpop", proof);
            HttpResponse<String> again = gateway.get("/orders", "authorization", authorization, "dpop", proof);
            HttpResponse<String> stolen = gateway.get(
                    "/orders", "authorization", authorization, "dpop", proof(Tokens.ecKey("thief"), "GET", url, token));
            HttpResponse<String> bearer = gateway.get("/orders", "authorization", "Bearer " + token);

            assertThat(proven.statusCode()).as(proven.body()).isEqualTo(200);
            assertThat(again.body()).contains("The proof was used before.");
            assertThat(stolen.body()).contains("The token is bound to another key.");
            assertThat(bearer.statusCode()).isEqualTo(401);
            assertThat(bearer.headers().firstValue("www-authenticate").orElse(""))
                    .startsWith("DPoP ");
        }
    }

    /**
     * Keys are rotated, the server restarts and is away for a while, a key is withdrawn, a token expires, all under load.
     * In a proof the server is away for a minute, and there are more rotations.
     */
    @Test
    void refusesNoValidTokenAndAcceptsNoOtherWhateverBecomesOfKeycloak() throws Exception {
        KeycloakRealm realm = realm("load");
        realm.createClient("""
            {"clientId": "brief", "secret": "s3cret", "publicClient": false, "serviceAccountsEnabled": true,
              "attributes": {"access.token.lifespan": "5"}, "protocolMappers": [%s]}
            """.formatted(KeycloakRealm.audienceMapper("orders")));
        try (TokenLoad.Upstream upstream = new TokenLoad.Upstream();
                TestGateway gateway = gateway(realm, ", refresh: 10s, skew: 0s", upstream.address());
                TokenLoad load = new TokenLoad(gateway.address(), 16)) {
            String first = realm.signingKey();
            TokenLoad.Sent known = load.send("first key", realm.clientToken("till", "s3cret"));
            load.await(known, 200);

            for (int i = 1; i <= (PROOF ? 10 : 2); i++) {
                realm.rotateKeys();
                TokenLoad.Sent rotated = load.send("rotation " + i, realm.clientToken("till", "s3cret"));
                load.await(rotated, 200);
                assertThat(rotated.statuses()).containsOnlyKeys(200);
                if (PROOF) {
                    load.keepFor(Keys.PAUSE);
                }
            }

            keycloak.stop();
            load.keepFor(PROOF ? Duration.ofMinutes(1) : Duration.ofMillis(600));
            keycloak.startAgain();
            realm.rotateKeys();
            TokenLoad.Sent later = load.send("after the outage", realm.clientToken("till", "s3cret"));
            // Unknown while the provider was away: asked for again within the pause, and never called invalid
            // meanwhile.
            load.await(later, 200);
            assertThat(later.statuses().keySet()).isSubsetOf(200, 503);
            assertThat(known.statuses()).containsOnlyKeys(200);

            TokenLoad.Sent brief = load.send("brief", realm.clientToken("brief", "s3cret"));
            load.await(brief, 401);
            Instant expiry = brief.expiry();
            assertThat(brief.last(200)).as("sent and accepted").isBefore(expiry);
            assertThat(brief.first(401)).as("refused").isAfterOrEqualTo(expiry);

            Instant withdrawn = Instant.now();
            realm.withdrawKey(first);
            load.await(known, 401);
            // Twice refresh, and the time that a fetch may take.
            assertThat(known.last(200)).isBefore(withdrawn.plusSeconds(2 * 10 + 2 * KeySource.PATIENCE.toSeconds()));
            load.stop();
            assertThat(known.last(200)).isBeforeOrEqualTo(known.first(401).plus(load.longest()));
            assertThat(later.statuses().keySet()).isSubsetOf(200, 503);
            assertThat(load.failures()).isEmpty();
            load.report("withdrawn key accepted for "
                    + Duration.between(withdrawn, known.last(200)).toMillis() + " ms");
        }
    }

    private static HttpResponse<String> bearer(TestGateway gateway, JsonNode tokens, String kind) {
        return gateway.get(
                "/", "authorization", "Bearer " + tokens.required(kind).asString());
    }

    private static String proof(ECKey key, String method, String url, String token) throws Exception {
        Map<String, Object> claims = Tokens.proof(method, url, token);
        claims.put("iat", Instant.now().getEpochSecond());
        return Tokens.signed(key, Tokens.proofHeader(key).build(), claims);
    }
}
