package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.TestAuthority;
import dev.sallyport.testservers.Keycloak;
import dev.sallyport.testservers.KeycloakRealm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real browser, a real provider, the jar in a real gateway with TLS: the cookie that is the default is kept by no other. */
final class KeycloakLoginIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** So short that a page outlives them. */
    private static final int TOKEN_SECONDS = 4;

    @TempDir
    private static Path folder;

    private static Keycloak keycloak;
    private static KeycloakRealm realm;
    private static String alice;
    private static TestAuthority authority;

    private TestUpstream upstream;
    private TestGateway gateway;
    private Chromium chromium;
    private String client;
    private String app;

    @BeforeAll
    static void startKeycloak() throws Exception {
        authority = new TestAuthority(folder);
        authority.issue("web", "EC", "localhost");
        keycloak = Keycloak.start();
        realm = keycloak.create("""
            {"realm": "shop", "enabled": true, "accessTokenLifespan": %d, "revokeRefreshToken": true}
            """.formatted(TOKEN_SECONDS));
        alice = realm.createUser("alice", "wonderland");
    }

    @AfterAll
    static void stopKeycloak() {
        keycloak.close();
    }

    @BeforeEach
    void start() throws Exception {
        chromium = Chromium.start();
        upstream = TestUpstream.start();
        upstream.answers(request -> new TestUpstream.Answered(
                200, "<h1>" + request.target() + "</h1>", Map.of("content-type", "text/html")));
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            listeners:
              - {name: web, address: "127.0.0.1:0", tls: {certificate: "%s", key: "%s"}}
              - {name: inside, address: "127.0.0.1:0"}
            routes:
              - name: app
                match: {paths: [/**]}
                plugins:
                  - oidc-login:
                      issuer: %s
                      clientId: shop
                      clientSecret: s3cret
                      keys: %s
                      afterLogout: /goodbye
                      forward: true
                      claims: {headers: {x-user: preferred_username, x-email: email}}
                upstream: %s
              - {name: goodbye, match: {paths: [/goodbye]}, upstream: %s}
            """.formatted(
                        folder.resolve("web.pem"),
                        folder.resolve("web.key"),
                        realm.issuer(),
                        Configs.KEY,
                        upstream.address(),
                        upstream.address()));
        app = "https://localhost:" + gateway.address("web").replaceFirst(".*:", "");
        client = realm.createClient("""
            {"clientId": "shop", "secret": "s3cret", "publicClient": false, "standardFlowEnabled": true,
              "redirectUris": ["%1$s/oidc/callback"],
              "attributes": {"post.logout.redirect.uris": "%1$s/goodbye",
                "pkce.code.challenge.method": "S256",
                "backchannel.logout.url": "http://%2$s/oidc/backchannel-logout",
                "backchannel.logout.session.required": "true"}}
            """.formatted(app, gateway.address("inside")));
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (client != null) {
            realm.admin("DELETE", "/clients/" + client, null);
        }
        if (gateway != null) {
            gateway.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    private void logIn(Chromium.Tab tab, String arrivesAt) throws Exception {
        tab.script("document.querySelector('#username').value = 'alice'");
        tab.script("document.querySelector('#password').value = 'wonderland'");
        tab.script("document.querySelector('#kc-login').click()");
        tab.awaitPage(arrivesAt);
    }

    private String token() {
        return upstream.last().header("authorization").orElseThrow();
    }

    private static String status(Chromium.Tab tab, String path) throws Exception {
        return tab.script("fetch('" + path + "').then(response => response.status)");
    }

    @Test
    void logsInUsesRefreshesAndLogsOut() throws Exception {
        Chromium.Tab tab = chromium.tab();

        tab.open(app + "/basket?item=1", realm.issuer());
        logIn(tab, app + "/basket?item=1");

        assertThat(tab.text()).contains("/basket?item=1");
        assertThat(upstream.last().header("x-user")).hasValue("alice");
        assertThat(upstream.last().header("x-email")).hasValue("alice@example.com");
        assertThat(upstream.last().header("cookie")).isEmpty();
        assertThat(tab.script("document.cookie")).isEmpty();
        assertThat(tab.script("window.isSecureContext")).isEqualTo("true");

        String first = token();
        assertThat(first).startsWith("Bearer ey");
        await().atMost(PATIENCE).until(() -> {
            // Several at once, as pages do: the provider takes a refresh token once.
            String all = tab.script("Promise.all(['/a', '/b', '/c', '/d'].map(path => fetch(path)))"
                    + ".then(all => all.map(response => response.status).join())");
            assertThat(all).isEqualTo("200,200,200,200");
            return !token().equals(first);
        });
        String second = token();
        await().atMost(PATIENCE).until(() -> status(tab, "/later").equals("200") && !token().equals(second));

        tab.open(app + "/oidc/logout", app + "/goodbye");
        assertThat(status(tab, "/api")).isEqualTo("401");
        // At the provider too: it asks for the password again.
        tab.open(app + "/basket", realm.issuer());
        assertThat(tab.script("document.querySelector('#kc-login') !== null")).isEqualTo("true");
    }

    @Test
    void goesOnInASecondTabOnceTheFirstHasCompletedItsLogin() throws Exception {
        Chromium.Tab first = chromium.tab();
        Chromium.Tab second = chromium.tab();
        first.open(app + "/first", realm.issuer());
        second.open(app + "/second", realm.issuer());
        String stale = second.script("document.querySelector('#kc-form-login').action");

        logIn(first, app + "/first");

        // Keycloak's page sees it, and goes on by itself.
        second.awaitPage(app + "/second");
        // A form that is sent after all is too late, and goes on where there is a session by now.
        second.script("document.body.innerHTML = '<form method=post></form>'; document.forms[0].action = '" + stale
                + "'; document.forms[0].submit()");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> second.script("location.href").equals(app + "/"));
        assertThat(second.text()).contains("/");
    }

    @Test
    void isLoggedOutByTheProvider() throws Exception {
        Chromium.Tab tab = chromium.tab();
        tab.open(app + "/", realm.issuer());
        logIn(tab, app + "/");
        assertThat(status(tab, "/api")).isEqualTo("200");

        realm.admin("POST", "/users/" + alice + "/logout", null);

        await().atMost(PATIENCE).until(() -> status(tab, "/api").equals("401"));
        tab.open(app + "/", realm.issuer());
    }

    @Test
    void keepsAFormsContentFromBeingLostWithoutAWord() throws Exception {
        Chromium.Tab tab = chromium.tab();
        tab.open(app + "/goodbye", app + "/goodbye");

        tab.script("document.body.innerHTML = '<form method=post action=/orders><input name=item value=1></form>';"
                + " document.forms[0].submit()");
        tab.awaitPage(app + "/orders");

        assertThat(tab.text()).contains("The request was not carried out. Log in, and then send it again.");
    }
}
