package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import dev.sallyport.api.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogoutTest extends World {

    private Response backChannel(Browser gateway, String token) throws Exception {
        return gateway.before(gateway.filter())
                .send(
                        "POST",
                        "/oidc/backchannel-logout",
                        "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8),
                        "content-type",
                        "application/x-www-form-urlencoded");
    }

    @Test
    void endsTheSessionHere() throws Exception {
        Browser browser = loggedIn(config().afterLogout("/goodbye"));
        Browser copy = browser.before(browser.filter());

        Response response = browser.open("/oidc/logout");

        assertThat(response.status()).isEqualTo(303);
        assertThat(response.header("location")).isEqualTo("https://app.example.com/goodbye");
        assertThat(browser.cookies).isEmpty();
        // A cookie that somebody has copied before is worth nothing either.
        assertThat(copy.send("GET", "/", "").status()).isEqualTo(401);
        assertThat(copy.exchange.notes()).containsEntry("refused", "the session was ended by a logout");
    }

    @Test
    void endsTheSessionAtTheProviderToo() throws Exception {
        provider.offersLogout();
        Browser browser = loggedIn(config().afterLogout("/goodbye"));

        Response response = browser.open("/oidc/logout");

        assertThat(response.header("location")).startsWith(provider.issuer() + "/logout?");
        assertThat(Browser.location(response).getQuery())
                .contains(
                        "id_token_hint=ey",
                        "client_id=shop",
                        "post_logout_redirect_uri=https://app.example.com/goodbye");
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void logsOutWithoutASession() throws Exception {
        provider.offersLogout();

        Response response = browser().open("/oidc/logout");

        assertThat(response.status()).isEqualTo(303);
        assertThat(Browser.location(response).getQuery()).doesNotContain("id_token_hint");
    }

    @Test
    void endsTheSessionHereWhileTheProviderIsDown() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofHours(2));
        provider.close();

        assertThat(browser.open("/oidc/logout").status()).isEqualTo(303);
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void logsOutByAFormAsWell() throws Exception {
        Browser browser = loggedIn(config());

        assertThat(browser.send("POST", "/oidc/logout", "x=y", "sec-fetch-site", "same-origin")
                        .status())
                .isEqualTo(303);
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void isNotLoggedOutByAnotherSite() throws Exception {
        Browser browser = loggedIn(config());

        assertProblem(
                browser.send("GET", "/oidc/logout", "", "sec-fetch-site", "cross-site", "sec-fetch-mode", "navigate"),
                403,
                "logout-from-elsewhere");
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void isLoggedOutByTheProvider() throws Exception {
        Browser browser = loggedIn(config());
        Browser otherSession = browser(config());
        provider.idToken = claims -> claims.put("sid", "session-2");
        otherSession.logIn(provider, "/");

        Response response = backChannel(browser, provider.logoutToken(claims -> {}));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertLedToLogin(browser.open("/"));
        assertThat(otherSession.open("/").status()).isEqualTo(200);
    }

    @Test
    void isLoggedOutOnAllRoutesOfTheClientAlsoAfterAReload() throws Exception {
        Browser browser = loggedIn(config());
        Browser otherRoute = browser.before(filter(config().afterLogout("/other")));

        backChannel(browser, provider.logoutToken(claims -> {}));

        assertThat(otherRoute.send("GET", "/", "").status()).isEqualTo(401);
        assertThat(browser.before(filter(config().consumer("email")))
                        .send("GET", "/", "")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void isLoggedOutOfAllSessionsWhereTheProviderNamesNone() throws Exception {
        Browser one = loggedIn(config());
        provider.idToken = claims -> claims.put("sid", "session-2");
        Browser other = loggedIn(config());
        provider.idToken = claims -> claims.put("sub", "bob");
        Browser bob = loggedIn(config());

        backChannel(one, provider.logoutToken(claims -> claims.remove("sid")));

        assertThat(one.send("GET", "/", "").status()).isEqualTo(401);
        assertThat(other.send("GET", "/", "").status()).isEqualTo(401);
        assertThat(bob.send("GET", "/", "").status()).isEqualTo(200);
    }

    @Test
    void isNotLoggedOutOfALaterSessionByATokenThatIsSentAgain() throws Exception {
        Browser browser = loggedIn(config());
        String token =
                provider.logoutToken(claims -> claims.put("iat", Instant.now().getEpochSecond() - 10));
        provider.idToken = claims -> claims.put("iat", Instant.now().getEpochSecond());
        browser.logIn(provider, "/oidc/login");

        assertThat(backChannel(browser, token).status()).isEqualTo(200);
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://evil.example.com",
        "iss,",
        "aud, bank",
        "aud,",
        "iat,",
        "jti,",
        "nonce, x",
        "events, x",
        "events,"
    })
    void isNotLoggedOutByALogoutTokenOf(String claim, String value) throws Exception {
        Browser browser = loggedIn(config());
        Consumer<Map<String, Object>> change = claims -> {
            claims.remove(claim);
            if (value != null) {
                claims.put(claim, value);
            }
        };

        assertProblem(backChannel(browser, provider.logoutToken(change)), 400, "logout-token-invalid");
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void isNotLoggedOutByATokenThatNamesNobody() throws Exception {
        Browser browser = loggedIn(config());

        assertProblem(
                backChannel(browser, provider.logoutToken(claims -> {
                    claims.remove("sub");
                    claims.remove("sid");
                })),
                400,
                "logout-token-invalid");
    }

    @Test
    void isNotLoggedOutByAnIdToken() throws Exception {
        Browser browser = loggedIn(config());
        String idToken = provider.sign(
                Map.of(
                        "iss",
                        provider.issuer(),
                        "sub",
                        "alice",
                        "aud",
                        "shop",
                        "iat",
                        Instant.now().getEpochSecond(),
                        "exp",
                        Instant.now().getEpochSecond() + 60),
                JOSEObjectType.JWT);

        assertProblem(backChannel(browser, idToken), 400, "logout-token-invalid");
    }

    @Test
    void isNotLoggedOutByATokenThatTheProviderHasNotSigned() throws Exception {
        Browser browser = loggedIn(config());
        try (TestProvider evil = new TestProvider()) {
            String forged = evil.logoutToken(claims -> claims.put("iss", provider.issuer()));

            assertProblem(backChannel(browser, forged), 400, "logout-token-invalid");
        }
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "logout_token=", "logout_token=x", "logout_token=a&logout_token=b", "{\"a\": 1}", "x"})
    void answers400ToWhatIsNoLogoutToken(String body) throws Exception {
        assertProblem(browser().send("POST", "/oidc/backchannel-logout", body), 400, "logout-token-invalid");
    }

    @Test
    void answers400ToABodyThatIsTooLong() throws Exception {
        assertProblem(
                browser().send("POST", "/oidc/backchannel-logout", "logout_token=" + "a".repeat(100_000)),
                400,
                "logout-token-invalid");
    }
}
