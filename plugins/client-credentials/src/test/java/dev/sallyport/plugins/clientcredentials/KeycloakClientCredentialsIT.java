package dev.sallyport.plugins.clientcredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that a real Keycloak gives. */
final class KeycloakClientCredentialsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Keycloak keycloak;
    private static KeycloakRealm realm;

    @BeforeAll
    static void startKeycloak() {
        keycloak = Keycloak.start();
        realm = keycloak.create("""
            {"realm": "shop", "enabled": true, "accessTokenLifespan": 4, "clients": [
              {"clientId": "gateway", "secret": "s3cret", "publicClient": false, "serviceAccountsEnabled": true,
                "protocolMappers": [%s]}]}
            """.formatted(KeycloakRealm.audienceMapper("orders")));
    }

    @AfterAll
    static void stopKeycloak() {
        keycloak.close();
    }

    @ParameterizedTest
    @EnumSource
    void sendsRequestsOnWithItsTokenAndExchangesItInTime(ClientAuth way) {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
                    routes:
                      - name: all
                        plugins:
                          - client-credentials:
                              issuer: %s
                              clientId: gateway
                              clientSecret: s3cret
                              clientAuth: %s
                        upstream: %s
                    """.formatted(
                                realm.issuer(),
                                way == ClientAuth.BASIC ? "client_secret_basic" : "client_secret_post",
                                upstream.address()))) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);

            String first = upstream.last().header("authorization").orElseThrow();
            assertThat(payload(first))
                    .contains("\"azp\":\"gateway\"", "\"orders\"", "\"iss\":\"" + realm.issuer() + "\"");
            await().atMost(PATIENCE).until(() -> {
                assertThat(gateway.get("/").statusCode()).isEqualTo(200);
                return !upstream.last().header("authorization").orElseThrow().equals(first);
            });
        }
    }

    private static String payload(String authorization) {
        return new String(Base64.getUrlDecoder().decode(authorization.split("\\.")[1]), StandardCharsets.UTF_8);
    }
}
