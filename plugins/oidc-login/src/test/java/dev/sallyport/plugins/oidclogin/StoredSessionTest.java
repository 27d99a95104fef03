package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions in a store, and logouts that several gateways know of. */
final class StoredSessionTest extends World {

    /** Another gateway, or this one with another version of the plugin: they share the stores and nothing else. */
    private FakeContext another() {
        return FakeContext.builder().clock(clock).store("memory", store).build();
    }

    private static Browser at(FakeContext context, Browser browser, Configs config) {
        return browser.before(context.create(new OidcLoginFactory(), config.build()));
    }

    @Test
    void keepsTheSessionInTheStoreAndOnlyItsKeyInTheCookie() throws Exception {
        provider.idToken = claims -> claims.put("much", "x".repeat(50_000));

        Browser browser = loggedIn(config().keptIn("memory").forward());

        assertThat(browser.cookies).containsOnlyKeys("__Host-session");
        assertThat(browser.cookies.get("__Host-session")).hasSizeLessThan(200);
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(browser.next.request().header("cookie")).isNull();
        assertThat(browser.next.request().header("authorization")).startsWith("Bearer ");
        assertThat(store.values()).isNotEmpty().noneMatch(value -> value.contains("alice"));
    }

    @Test
    void knowsSessionsOnAnotherGatewayAndAfterAnUpgrade() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory"));

        try (FakeContext other = another()) {
            assertThat(at(other, browser, config().keptIn("memory")).open("/").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void renewsTheTokensOfAStoredSessionWithoutAnotherCookie() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory").forward());
        Browser other = browser.before(browser.filter());
        pass(Duration.ofSeconds(270));

        Response response = browser.open("/");
        pass(Duration.ofMinutes(2));
        other.open("/");

        assertThat(response.header("set-cookie")).isNull();
        assertThat(provider.tokenRequests()).hasSize(2);
        assertThat(other.next.request().header("authorization"))
                .isEqualTo(browser.next.request().header("authorization"));
    }

    @Test
    void endsAStoredSessionByItsLimits() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory").limits(Duration.ofMinutes(10), Duration.ofMinutes(25)));
        for (int minutes = 0; minutes < 24; minutes += 8) {
            pass(Duration.ofMinutes(8));
            assertThat(browser.open("/").status()).isEqualTo(200);
        }
        pass(Duration.ofMinutes(1));
        assertLedToLogin(browser.open("/"));

        Browser unused = loggedIn(config().keptIn("memory").limits(Duration.ofMinutes(10), Duration.ofMinutes(25)));
        pass(Duration.ofMinutes(10));
        assertLedToLogin(unused.open("/"));
    }

    @Test
    void takesTheFormerSessionAwayAtANewLogin() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory"));
        Browser copy = browser.before(browser.filter());

        browser.open(provider.approve(Browser.location(browser.open("/oidc/login"))));

        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(copy.send("GET", "/", "").status()).isEqualTo(401);
    }

    @Test
    void takesNoCookieWhoseSessionIsInACookieOrTheOtherWayRound() throws Exception {
        Browser cookie = loggedIn(config());
        Browser stored = loggedIn(config().keptIn("memory"));

        assertLedToLogin(cookie.before(stored.filter()).open("/"));
        assertLedToLogin(stored.before(cookie.filter()).open("/"));
    }

    @ParameterizedTest
    @EnumSource(Keep.class)
    void isLoggedOutOnAllGatewaysThatShareTheStore(Keep keep) throws Exception {
        Configs config = keep == Keep.STORE ? config().keptIn("memory") : config();
        try (FakeContext other = another()) {
            Browser byPerson = loggedIn(config);
            Browser copy = at(other, byPerson, config);
            assertThat(copy.open("/").status()).isEqualTo(200);
            byPerson.open("/oidc/logout");
            assertThat(copy.send("GET", "/", "").status()).isEqualTo(401);

            Browser byProvider = loggedIn(config);
            Browser there = at(other, byProvider, config);
            assertThat(there.open("/").status()).isEqualTo(200);
            assertThat(backChannel(byProvider).status()).isEqualTo(200);
            assertThat(there.send("GET", "/", "").status()).isEqualTo(401);
        }
    }

    private Response backChannel(Browser gateway) throws Exception {
        return gateway.before(gateway.filter())
                .send(
                        "POST",
                        "/oidc/backchannel-logout",
                        "logout_token="
                                + URLEncoder.encode(provider.logoutToken(claims -> {}), StandardCharsets.UTF_8));
    }

    @Test
    void isNotBroughtBackByARequestThatWasUnderWayAtTheLogout() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory"));
        Browser slow = browser.before(browser.filter());
        pass(Duration.ofMinutes(5));
        provider.beforeTokens = () -> {
            provider.beforeTokens = () -> {};
            try {
                browser.open("/oidc/logout");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };

        slow.open("/");

        assertThat(slow.send("GET", "/", "").status()).isEqualTo(401);
    }

    @Test
    void answers503WhileTheStoreOfTheSessionsIsAway() throws Exception {
        Browser browser = loggedIn(config().keptIn("memory"));
        String callback = provider.approve(Browser.location(browser.open("/oidc/login")));
        store.away = true;

        Response response = browser.open("/");

        assertProblem(response, 503, "session-store-unavailable");
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(browser.exchange.notes()).containsEntry("refused", "store unavailable");
        assertProblem(browser.open("/oidc/logout"), 503, "session-store-unavailable");
        assertProblem(browser.open(callback), 503, "session-store-unavailable");
        assertThat(browser.cookies).containsKey("__Host-session");
        store.away = false;
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void goesOnWithSessionsInCookiesWhileTheStoreIsAway() throws Exception {
        Browser browser = loggedIn(config());
        store.away = true;

        assertThat(browser.open("/").status()).isEqualTo(200);
        // The provider sends it again.
        assertProblem(backChannel(browser), 503, "session-store-unavailable");
        assertThat(browser.open("/oidc/logout").status()).isEqualTo(303);
        assertThat(browser.cookies).isEmpty();
        assertThat(loggedIn(config()).open("/").status()).isEqualTo(200);
    }

    @Test
    void asksASharedStoreOnceForASessionThatGoesOn() throws Exception {
        Browser browser = loggedIn(config());
        browser.open("/");
        int before = store.reads.get();

        browser.open("/");

        assertThat(store.reads.get() - before).isEqualTo(1);
    }
}
