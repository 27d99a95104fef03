package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.Claims;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionTest extends World {

    private static final String LONG = "x".repeat(8_000);

    @Test
    void tellsTheUpstreamClaimsAndNotTheCookies() throws Exception {
        Claims rules = new Claims(Map.of(), Map.of("x-user", "sub", "x-groups", "groups", "x-none", "none"));
        Browser browser = loggedIn(config().claims(rules));
        browser.cookies.put("theme", "dark");
        browser.cookies.put("__Host-sessions", "other");

        browser.send("GET", "/", "", "x-user", "forged", "X-None", "forged");

        assertThat(context.ownedHeaders()).containsExactly("x-groups", "x-none", "x-user");
        assertThat(browser.next.request().headers().all("x-user")).containsExactly("alice");
        assertThat(browser.next.request().header("x-groups")).isEqualTo("clerks, buyers");
        assertThat(browser.next.request().headers().has("x-none")).isFalse();
        assertThat(browser.next.request().headers().has("authorization")).isFalse();
        assertThat(browser.next.request().header("cookie")).isEqualTo("theme=dark; __Host-sessions=other");
    }

    @Test
    void sendsTheAccessTokenToTheUpstreamWhereAsked() throws Exception {
        Browser browser = loggedIn(config().forward());

        browser.send("GET", "/", "", "authorization", "Bearer forged");

        assertThat(browser.next.request().headers().all("authorization"))
                .singleElement()
                .asString()
                .startsWith("Bearer access-");
        assertThat(context.ownedHeaders()).containsExactly("authorization");
    }

    @Test
    void answers403WithoutARequiredClaim() throws Exception {
        Browser browser = loggedIn(config().claims(new Claims(Map.of("groups", "admins"), Map.of())));

        assertProblem(browser.open("/"), 403, "login-insufficient");
        assertThat(browser.exchange.notes()).containsEntry("refused", "claim groups");
        assertThat(browser.next.calls()).isZero();
        assertThat(browser.exchange.consumer()).isNull();
    }

    @Test
    void namesTheCallerByAnotherClaim() throws Exception {
        Browser browser = loggedIn(config().consumer("email"));
        browser.open("/");
        assertThat(browser.exchange.notes()).containsEntry("consumer", "alice@example.com");

        assertProblem(loggedIn(config().consumer("nickname")).open("/"), 403, "login-insufficient");
    }

    @Test
    void passesWhatIsSentWithASession() throws Exception {
        Browser browser = loggedIn(config());

        assertThat(browser.send("POST", "/orders", "item=1").status()).isEqualTo(200);
        assertThat(browser.next.request().body().text(100)).isEqualTo("item=1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 100, -1})
    void takesAChangedCookieForNoneAndRemovesIt(int place) throws Exception {
        Browser browser = loggedIn(config());
        StringBuilder cookie = new StringBuilder(browser.cookies.get("__Host-session"));
        int index = place < 0 ? cookie.length() + place - 1 : place;
        cookie.setCharAt(index, cookie.charAt(index) == 'A' ? 'B' : 'A');
        browser.cookies.put("__Host-session", cookie.toString());

        Response response = browser.send("GET", "/", "");

        assertProblem(response, 401, "login-needed");
        assertThat(browser.exchange.notes()).containsEntry("refused", "the session cookie is not ours, or over");
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void takesNoSessionOfAnotherClient() throws Exception {
        Browser browser = loggedIn(config());

        assertThat(browser.before(filter(config().clientId("bank")))
                        .send("GET", "/", "")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void takesSessionsOnOtherRoutesAndOtherGatewaysWithTheSameKey() throws Exception {
        Browser browser = loggedIn(config());
        try (FakeContext other = FakeContext.builder().clock(clock).build()) {
            Filter elsewhere = other.create(new OidcLoginFactory(), config().build());

            assertThat(browser.before(elsewhere).open("/").status()).isEqualTo(200);
        }
    }

    @Test
    void takesSessionsOfAnOlderKeyForAsLongAsItIsConfigured() throws Exception {
        Browser browser = loggedIn(config().keys(Configs.OTHER_KEY));

        Browser rotated = browser.before(filter(config().keys(Configs.KEY, Configs.OTHER_KEY)));
        assertThat(rotated.open("/").status()).isEqualTo(200);
        pass(Duration.ofMinutes(1));
        assertThat(rotated.open("/").status()).isEqualTo(200);

        // Written anew by the newer key meanwhile.
        assertThat(rotated.before(filter(config())).open("/").status()).isEqualTo(200);
        assertLedToLogin(browser.before(filter(config())).open("/"));
    }

    @Test
    void putsALargeSessionIntoSeveralCookies() throws Exception {
        provider.idToken = claims -> claims.put("picture", LONG);
        Browser browser = loggedIn(config());

        assertThat(browser.cookies).hasSizeGreaterThan(1).containsKeys("__Host-session.0", "__Host-session.1");
        assertThat(browser.cookies.values()).allMatch(value -> value.length() <= SessionCookies.LONGEST);
        browser.cookies.put("theme", "dark");
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(browser.next.request().header("cookie")).isEqualTo("theme=dark");
        assertThat(browser.claims()).containsEntry("picture", LONG);
    }

    @Test
    void removesCookiesThatASmallerSessionDoesNotNeed() throws Exception {
        provider.idToken = claims -> claims.put("picture", LONG);
        Browser browser = loggedIn(config());
        provider.idToken = claims -> {};
        browser.logIn(provider, "/oidc/login");

        assertThat(browser.cookies).containsOnlyKeys("__Host-session");

        provider.idToken = claims -> claims.put("picture", LONG);
        browser.logIn(provider, "/oidc/login");

        assertThat(browser.cookies).doesNotContainKey("__Host-session");
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void takesNoSessionOfWhichAPartIsMissingOrAnothers() throws Exception {
        provider.idToken = claims -> claims.put("picture", LONG);
        Browser browser = loggedIn(config());
        Browser other = loggedIn(config());
        String part = browser.cookies.get("__Host-session.1");

        browser.cookies.put("__Host-session.1", other.cookies.get("__Host-session.1"));
        assertThat(browser.before(filter(config())).send("GET", "/", "").status())
                .isEqualTo(401);
        browser.cookies.remove("__Host-session.1");
        assertThat(browser.before(filter(config())).send("GET", "/", "").status())
                .isEqualTo(401);
        browser.cookies.put("__Host-session.1", part);
        assertThat(browser.send("GET", "/", "").status()).isEqualTo(200);
    }

    @Test
    void failsWhereASessionIsTooLargeForCookies() {
        provider.idToken = claims -> claims.put("picture", "x".repeat(20_000));

        assertThatIllegalStateException()
                .isThrownBy(() -> loggedIn(config()))
                .withMessageContaining("ask for fewer scopes");
    }

    @Test
    void endsASessionThatIsNotUsed() throws Exception {
        Browser browser = loggedIn(config().limits(Duration.ofMinutes(10), Duration.ofHours(1)));
        pass(Duration.ofMinutes(4));
        assertThat(browser.open("/").status()).isEqualTo(200);
        pass(Duration.ofMinutes(9));
        assertThat(browser.open("/").status()).isEqualTo(200);
        pass(Duration.ofMinutes(10));

        assertLedToLogin(browser.open("/"));
        assertThat(browser.cookies.keySet()).allMatch(name -> name.startsWith("__Host-session-login-"));
    }

    @Test
    void endsASessionAtItsLimitHoweverMuchItIsUsed() throws Exception {
        Browser browser = loggedIn(config().limits(Duration.ofMinutes(10), Duration.ofMinutes(30)));
        for (int minute = 5; minute < 30; minute += 5) {
            pass(Duration.ofMinutes(5));
            assertThat(browser.open("/").status()).isEqualTo(200);
        }
        pass(Duration.ofMinutes(5));

        assertThat(browser.send("GET", "/", "").status()).isEqualTo(401);
        assertThat(browser.exchange.notes()).containsEntry("refused", "the session is over");
    }

    @Test
    void writesTheCookieAnewOnlyNowAndThen() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofSeconds(59));
        Response within = browser.open("/");
        pass(Duration.ofSeconds(1));
        Response after = browser.open("/");

        assertThat(within.headers().has("set-cookie")).isFalse();
        assertThat(within.headers().has("cache-control")).isFalse();
        assertThat(after.headers().all("set-cookie")).hasSize(1);
        // No cache may give one person's cookie to another.
        assertThat(after.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void fetchesNewerTokensBeforeTheOldOnesEnd() throws Exception {
        Browser browser = loggedIn(config().forward());
        browser.open("/");
        String older = browser.next.request().header("authorization");
        pass(Duration.ofSeconds(269));
        browser.open("/");
        assertThat(provider.tokenRequests()).hasSize(1);

        pass(Duration.ofSeconds(1));
        browser.open("/");

        assertThat(provider.tokenRequests()).hasSize(2);
        assertThat(provider.tokenRequests().getLast()).containsEntry("grant_type", "refresh_token");
        assertThat(browser.next.request().header("authorization")).isNotEqualTo(older);
        browser.open("/");
        assertThat(provider.tokenRequests()).hasSize(2);
    }

    @Test
    void goesOnWithTheOldIdTokenWhereTheProviderGivesNoNewerOne() throws Exception {
        provider.givesIdTokenAtRefresh = false;
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(5));

        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(browser.exchange.notes()).containsEntry("consumer", "alice");
        assertThat(provider.tokenRequests()).hasSize(2);
    }

    @Test
    void keepsTheRefreshTokenWhereTheProviderGivesNoNewerOne() throws Exception {
        provider.answer = tokens -> {
            if (provider.tokenRequests().size() > 1) {
                tokens.remove("refresh_token");
            }
        };
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(5));
        assertThat(browser.open("/").status()).isEqualTo(200);
        pass(Duration.ofMinutes(5));
        browser.open("/");

        assertThat(provider.tokenRequests().get(2))
                .containsEntry("refresh_token", provider.tokenRequests().get(1).get("refresh_token"));
    }

    @Test
    void fetchesNewerTokensOnceForAllRequestsOfAPage() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(5));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        provider.beforeTokens = () -> {
            asked.countDown();
            awaitUninterruptibly(go);
        };
        Filter route = filter(config());
        Filter otherRoute = filter(config().afterLogout("/other"));
        List<Future<Response>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Browser tab = browser.before(i % 2 == 0 ? route : otherRoute);
            answers.add(context.threads().submit(() -> tab.open("/")));
        }
        asked.await();
        go.countDown();
        for (Future<Response> answer : answers) {
            assertThat(answer.get().status()).isEqualTo(200);
        }
        // The provider takes a refresh token once, and a request with the older cookie may come a little later.
        assertThat(browser.open("/").status()).isEqualTo(200);

        assertThat(provider.tokenRequests()).hasSize(2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endsTheSessionWhereTheProviderHasEndedIt() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(5));
        provider.failWith = 400;

        Response response = browser.send("GET", "/", "");

        assertProblem(response, 401, "login-needed");
        assertThat(browser.exchange.notes()).containsEntry("refused", "the provider has ended the session");
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void endsTheSessionWhereTheNewerTokensAreAnotherPersons() throws Exception {
        Browser browser = loggedIn(config());
        provider.idToken = claims -> claims.put("sub", "mallory");
        pass(Duration.ofMinutes(5));

        assertThat(browser.send("GET", "/", "").status()).isEqualTo(401);
    }

    @Test
    void servesOnWhileTheProviderIsDownUntilTheTokenEnds() throws Exception {
        Browser browser = loggedIn(config());
        provider.close();
        pass(Duration.ofSeconds(299));
        assertThat(browser.open("/").status()).isEqualTo(200);

        pass(Duration.ofSeconds(1));

        assertProblem(browser.open("/"), 503, "identity-provider-unavailable");
        assertThat(browser.cookies).containsOnlyKeys("__Host-session");
    }

    @Test
    void needsNoRefreshTokenWhereTheTokenIsNotSentOn() throws Exception {
        provider.givesRefreshTokens = false;
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(30));
        assertThat(browser.open("/").status()).isEqualTo(200);

        Browser forwarding = loggedIn(config().forward());
        pass(Duration.ofMinutes(5));
        assertLedToLogin(forwarding.open("/"));
    }

    @Test
    void leavesTheAccessTokenOutOfTheCookieWhereItIsNotSentOn() throws Exception {
        Browser small = loggedIn(config());
        Browser large = loggedIn(config().forward());

        assertThat(large.cookies.get("__Host-session").length())
                .isGreaterThan(small.cookies.get("__Host-session").length());
    }

    @Test
    void countsWhatHappens() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(5));
        browser.open("/");
        browser.open("/oidc/logout");

        assertThat(context.metrics().stream()
                        .map(metric -> metric.getName() + " "
                                + metric.getLongSumData()
                                        .getPoints()
                                        .iterator()
                                        .next()
                                        .getValue()))
                .contains(
                        "sallyport.oidc_login.logins 1",
                        "sallyport.oidc_login.refreshes 1",
                        "sallyport.oidc_login.logouts 1");
    }

    @Test
    void leavesTheUpstreamsOwnCookiesAlone() throws Exception {
        Browser browser = loggedIn(config());
        pass(Duration.ofMinutes(1));

        Response response = browser.open(
                "/", request -> FakeNext.ok().proceed(request).withHeader("set-cookie", "theme=dark; Path=/"));

        assertThat(response.headers().all("set-cookie")).hasSize(2).contains("theme=dark; Path=/");
    }
}
