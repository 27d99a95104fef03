package dev.sallyport.plugins.tokenintrospection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens that a real Keycloak issues, revokes and is asked about. */
final class KeycloakIntrospectionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Keycloak keycloak;
    private static KeycloakRealm realm;
    private static String alice;

    private TestUpstream upstream;

    @BeforeAll
    static void startKeycloak() {
        keycloak = Keycloak.start();
        realm = keycloak.create("""
            {"realm": "shop", "enabled": true, "clients": [
              {"clientId": "gateway", "secret": "s3cret", "publicClient": false},
              {"clientId": "till", "secret": "t1ll", "publicClient": false, "directAccessGrantsEnabled": true,
                "serviceAccountsEnabled": true, "protocolMappers": [%s]},
              {"clientId": "stranger", "secret": "str4nger", "publicClient": false,
                "serviceAccountsEnabled": true}]}
            """.formatted(KeycloakRealm.audienceMapper("gateway")));
        alice = realm.createUser("alice", "wonderland");
    }

    @AfterAll
    static void stopKeycloak() {
        keycloak.close();
    }

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(String more) {
        return TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins:
                  - token-introspection:
                      issuer: %s
                      clientId: gateway
                      clientSecret: s3cret
                      audience: gateway
                      consumer: username
                      claims: {headers: {x-user: username}}
                      %s
                upstream: %s
            """.formatted(realm.issuer(), more, upstream.address()));
    }

    private static String alicesToken() {
        return realm.tokens(Map.of(
                        "grant_type", "password",
                        "client_id", "till",
                        "client_secret", "t1ll",
                        "username", "alice",
                        "password", "wonderland"))
                .required("access_token")
                .asString();
    }

    private static HttpResponse<String> ask(TestGateway gateway, String token) {
        return gateway.get("/", "authorization", "Bearer " + token);
    }

    @Test
    void letsAUserAndAClientPassWhoseTokensAreForTheGateway() {
        try (TestGateway gateway = gateway("")) {
            assertThat(ask(gateway, alicesToken()).statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("x-user")).hasValue("alice");
            assertThat(ask(gateway, realm.clientToken("till", "t1ll")).statusCode())
                    .isEqualTo(200);
            assertThat(upstream.last().header("x-user")).hasValue("service-account-till");

            assertThat(ask(gateway, realm.clientToken("stranger", "str4nger")).statusCode())
                    .isEqualTo(401);
            assertThat(ask(gateway, "nonsense").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void refusesATokenSoonAfterItWasRevoked() {
        try (TestGateway gateway = gateway("ttl: 1s")) {
            String token = alicesToken();
            assertThat(ask(gateway, token).statusCode()).isEqualTo(200);

            realm.admin("POST", "/users/" + alice + "/logout", null);

            await().atMost(PATIENCE).until(() -> ask(gateway, token).statusCode() == 401);
        }
    }

    @Test
    void servesOnWhileTheProviderIsStoppedAndKnowsItAgainAfterwards() {
        try (TestGateway gateway = gateway("ttl: 1s\n          staleFor: 10m")) {
            String token = alicesToken();
            assertThat(ask(gateway, token).statusCode()).isEqualTo(200);
            String other = realm.clientToken("till", "t1ll");
            keycloak.stop();
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(ask(gateway, token).statusCode()).isEqualTo(200));
                HttpResponse<String> unknown = ask(gateway, other);
                assertThat(unknown.statusCode()).isEqualTo(503);
                assertThat(unknown.headers().firstValue("retry-after")).isPresent();
            } finally {
                keycloak.startAgain();
            }

            await().atMost(PATIENCE).until(() -> ask(gateway, other).statusCode() == 200);
        }
    }
}
