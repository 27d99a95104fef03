package dev.sallyport.distribution;

import static com.microsoft.playwright.options.AriaRole.BUTTON;
import static com.microsoft.playwright.options.AriaRole.LINK;
import static com.microsoft.playwright.options.AriaRole.TEXTBOX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Login to the console at a real provider, in a browser. */
final class ConsoleLoginIT {

    private static Keycloak keycloak;
    private static KeycloakRealm realm;

    @BeforeAll
    static void startKeycloak() {
        Command.installed("chromium");
        keycloak = Keycloak.start();
        realm = keycloak.create("""
            {"realm": "staff", "enabled": true, "roles": {"realm": [{"name": "gateway-operator"}]},
              "users": [{"username": "olga", "enabled": true, "email": "olga@example.com", "emailVerified": true,
                "firstName": "Olga", "lastName": "O", "realmRoles": ["gateway-operator"],
                "credentials": [{"type": "password", "value": "wonderland"}]},
                {"username": "alice", "enabled": true, "email": "alice@example.com", "emailVerified": true,
                "firstName": "Alice", "lastName": "A", "credentials": [{"type": "password", "value": "wonderland"}]}]}
            """);
    }

    @AfterAll
    static void stopKeycloak() {
        if (keycloak != null) {
            keycloak.close();
        }
    }

    private static Product product() {
        Product product = Product.with(Product.web("""
            services:
              - name: console
                console:
                  oidc:
                    issuer: %s
                    name: Keycloak
                    clientId: gateway-console
                    clientSecret: s3cret
                    roles: {claim: realm_access.roles, operate: [gateway-operator]}
            routes: [{name: hello, match: {paths: [/hello]}, plugins: [{respond: {body: x}}]}]
            """.formatted(realm.issuer())))
                .heap("256m")
                .start();
        realm.admin("GET", "/clients?clientId=gateway-console", null)
                .forEach(each ->
                        realm.admin("DELETE", "/clients/" + each.get("id").asString(), null));
        realm.createClient("""
            {"clientId": "gateway-console", "secret": "s3cret", "publicClient": false, "standardFlowEnabled": true,
              "redirectUris": ["%s/console/session/oidc/callback"],
              "attributes": {"pkce.code.challenge.method": "S256"},
              "protocolMappers": [{"name": "roles", "protocol": "openid-connect",
                "protocolMapper": "oidc-usermodel-realm-role-mapper",
                "config": {"claim.name": "realm_access.roles", "multivalued": "true", "id.token.claim": "true",
                  "access.token.claim": "true", "jsonType.label": "String"}}]}
            """.formatted(product.adminAddress()));
        return product;
    }

    private static void logIn(ConsoleUser user, String name) {
        user.click(LINK, "Log in with Keycloak");
        user.one(TEXTBOX, "Username or email").fill(name);
        user.fill("Password", "wonderland").click(BUTTON, "Sign In");
    }

    @Test
    void somebodyWithARoleComesInAndMayDoWhatItSays() {
        try (Product product = product();
                ConsoleUser user = ConsoleUser.at(product)) {
            user.sees("Log in with Keycloak").inspect("login-oidc");

            logIn(user, "olga");

            user.sees("Connected").sees("olga");
            user.open("plugins").sees("key-auth");
            assertThat(user.text()).as("an operator brings no jars").doesNotContain("Choose a jar");
            user.open("market").sees("Marketplaces are for administrators");
            user.page().reload();
            user.sees("Connected");
            assertThat(user.stored()).doesNotContain("wonderland").doesNotContain("s3cret");
            assertThat(user.complaints()).isEmpty();
        }
    }

    @Test
    void somebodyWithoutARoleIsSentBackAndTold() {
        try (Product product = product();
                ConsoleUser user = ConsoleUser.at(product)) {
            logIn(user, "alice");

            user.sees("none of your groups gives you a role here").inspect("login-no-role");
            user.login().open("security").sees("oidc:alice");
        }
    }
}
