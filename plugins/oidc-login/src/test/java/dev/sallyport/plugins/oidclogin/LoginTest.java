package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.util.Base64URL;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.testkit.Requests;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginTest extends World {

    @Test
    void leadsABrowserToTheProviderAndBackToWhereItWanted() throws Exception {
        Browser browser = browser();

        Response led = browser.open("/basket?item=1");
        Map<String, String> asked = provider.asked(Browser.location(led));

        assertLedToLogin(led);
        assertThat(asked)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "shop")
                .containsEntry("redirect_uri", "https://app.example.com/oidc/callback")
                .containsEntry("scope", "openid profile email")
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge");
        assertThat(browser.next.calls()).isZero();

        Response back = browser.open(provider.approve(Browser.location(led)));

        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("location")).isEqualTo("https://app.example.com/basket?item=1");
        assertThat(back.header("cache-control")).isEqualTo("no-store");
        assertThat(browser.cookies).containsOnlyKeys("__Host-session");

        assertThat(browser.open("/basket?item=1").status()).isEqualTo(200);
        assertThat(browser.exchange.consumer()).isEqualTo(new Consumer("alice"));
        assertThat(browser.exchange.notes()).containsEntry("consumer", "alice");
        assertThat(browser.claims()).containsEntry("email", "alice@example.com");
    }

    @Test
    void setsCookiesThatNoScriptAndNoOtherHostCanRead() throws Exception {
        Browser browser = browser();
        Response led = browser.open("/");
        Response back = browser.open(provider.approve(Browser.location(led)));

        assertThat(led.headers().all("set-cookie"))
                .singleElement()
                .asString()
                .startsWith("__Host-session-login-")
                .endsWith("; Path=/; Max-Age=900; Secure; HttpOnly; SameSite=Lax");
        assertThat(back.headers().all("set-cookie").getFirst())
                .startsWith("__Host-session=")
                .endsWith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void setsCookiesForADomainOrWithoutTlsWhereAsked() throws Exception {
        Response domain = browser(config().cookie(new SessionCookie("__Secure-s", "example.com", true)))
                .open("/");
        Response clear =
                browser(config().cookie(new SessionCookie("s", null, false))).open("/");

        assertThat(domain.header("set-cookie")).contains("; Domain=example.com; Secure; HttpOnly; SameSite=Lax");
        assertThat(clear.header("set-cookie")).startsWith("s-login-").doesNotContain("Secure");
        assertThat(context.log()).anyMatch(line -> line.contains("also sent without TLS"));
    }

    @Test
    void asksForWhatIsConfigured() throws Exception {
        Response led = browser(config().scopes("roles")
                        .parameters(Map.of("prompt", "login", "audience", "https://api.example.com"))
                        .origin("https://shop.example.org"))
                .open("/");

        assertThat(provider.asked(Browser.location(led)))
                .containsEntry("scope", "roles openid")
                .containsEntry("prompt", "login")
                .containsEntry("audience", "https://api.example.com")
                .containsEntry("redirect_uri", "https://shop.example.org/oidc/callback");
    }

    @Test
    void pushesTheRequestWhereTheProviderOffersThat() throws Exception {
        provider.offersPar();
        Browser browser = browser();

        Response led = browser.open("/basket");

        assertThat(Browser.location(led).getQuery())
                .contains("client_id=shop", "request_uri=urn:ietf:params:oauth:request_uri:")
                .doesNotContain("state=", "nonce=", "redirect_uri=");
        assertThat(browser.open(provider.approve(Browser.location(led))).header("location"))
                .isEqualTo("https://app.example.com/basket");
        assertThat(Browser.location(browser(config().par(false)).open("/")).getQuery())
                .contains("state=");
    }

    @ParameterizedTest
    @CsvSource({"BASIC", "POST"})
    void redeemsTheCodeWithItsSecret(ClientAuth way) throws Exception {
        loggedIn(config().clientAuth(way));

        Map<String, String> asked = provider.tokenRequests().getFirst();
        assertThat(asked).containsEntry("grant_type", "authorization_code").containsKey("code_verifier");
        assertThat(asked.containsKey("client_secret")).isEqualTo(way == ClientAuth.POST);
    }

    @Test
    void redeemsTheCodeOfAPublicClientByItsVerifierAlone() throws Exception {
        loggedIn(config().publicClient());

        assertThat(provider.tokenRequests().getFirst())
                .containsEntry("client_id", "shop")
                .containsKey("code_verifier")
                .doesNotContainKey("client_secret");
    }

    @Test
    void logsInInSeveralTabsAtOnce() throws Exception {
        Browser browser = browser();
        URI first = Browser.location(browser.open("/one"));
        URI second = Browser.location(browser.open("/two"));
        assertThat(browser.cookies).hasSize(2);

        assertThat(browser.open(provider.approve(second)).header("location")).endsWith("/two");
        assertThat(browser.open(provider.approve(first)).header("location")).endsWith("/one");
        assertThat(browser.cookies).containsOnlyKeys("__Host-session");
    }

    @Test
    void forgetsTheOldestLoginsWhereABrowserBeginsMany() throws Exception {
        Browser browser = browser();
        URI first = Browser.location(browser.open("/first"));
        for (int i = 1; i < 20; i++) {
            pass(Duration.ofSeconds(1));
            browser.open("/" + i);
            assertThat(browser.cookies).hasSizeLessThanOrEqualTo(LoginCookies.MOST);
        }
        URI last = Browser.location(browser.open("/last"));

        assertProblem(browser.open(provider.approve(first)), 400, "login-invalid");
        assertThat(browser.open(provider.approve(last)).header("location")).endsWith("/last");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, sec-fetch-mode, navigate, 303",
        "GET, sec-fetch-mode, cors, 401",
        "GET, sec-fetch-mode, no-cors, 401",
        "GET, accept, 'text/html,application/xhtml+xml,*/*;q=0.8', 303",
        "HEAD, accept, text/html, 303",
        "GET, accept, application/json, 401",
        "GET, accept, */*, 401",
        "GET, x, y, 401",
        "POST, sec-fetch-mode, navigate, 401",
        "PUT, accept, text/html, 401",
        "DELETE, accept, text/html, 401"
    })
    void leadsOnlyBrowsersThatOpenAPage(String method, String header, String value, int status) throws Exception {
        Response response = browser().send(method, "/", "", header, value);

        assertThat(response.status()).isEqualTo(status);
    }

    @Test
    void answers401ToScripts() throws Exception {
        Browser browser = browser();

        Response response =
                browser.send("GET", "/api", "", "accept", "text/html", "x-requested-with", "XMLHttpRequest");

        assertThat(response.header("www-authenticate"))
                .isEqualTo("Cookie realm=\"login\", form-action=\"/oidc/login\", cookie-name=\"__Host-session\"");
        assertThat(response.headers().has("set-cookie")).isFalse();
        assertProblem(response, 401, "login-needed");
        assertThat(browser.exchange.notes()).containsEntry("refused", "no session");
    }

    @Test
    void answers401ToAWebSocket() throws Exception {
        Response response = filter(config())
                .handle(
                        Requests.get("/chat")
                                .header("accept", "text/html")
                                .upgrade("websocket")
                                .build(),
                        request -> {
                            throw new AssertionError("passed on");
                        });

        assertProblem(response, 401, "login-needed");
    }

    @Test
    void saysThatWhatWasSentIsNotCarriedOut() throws Exception {
        Browser browser = browser();

        Response response = browser.send("POST", "/orders", "item=1", "sec-fetch-mode", "navigate");

        assertThat(response.body().text(10_000))
                .contains("The request was not carried out. Log in, and then send it again.");
        assertThat(browser.next.calls()).isZero();
    }

    @Test
    void beginsALoginWhereAsked() throws Exception {
        Browser browser = browser();

        Response led = browser.open("/oidc/login?return=/basket%3Fitem=1");

        assertThat(browser.open(provider.approve(Browser.location(led))).header("location"))
                .isEqualTo("https://app.example.com/basket?item=1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/oidc/login?return=https://evil.example.com/",
                "/oidc/login?return=//evil.example.com/",
                "/oidc/login?return=/%5Cevil.example.com",
                "/oidc/login?return=%2F%2Fevil.example.com",
                "/oidc/login?return=javascript:alert(1)",
                "/oidc/login?return=/a%0d%0aset-cookie:x=y",
                "/oidc/login?return=@evil.example.com",
                "/oidc/login?return=.evil.example.com",
                "//evil.example.com/"
            })
    void leadsToNoOtherSite(String target) throws Exception {
        Browser browser = browser();

        Response led = browser.open(target);

        assertThat(browser.open(provider.approve(Browser.location(led))).header("location"))
                .isEqualTo("https://app.example.com/");
    }

    @Test
    void completesALoginOnce() throws Exception {
        Browser browser = browser();
        URI authorization = Browser.location(browser.open("/"));
        String callback = provider.approve(authorization);
        Browser thief = browser.before(filter(config()));
        assertThat(browser.open(callback).status()).isEqualTo(303);
        browser.cookies.remove("__Host-session");

        assertProblem(browser.open(callback), 400, "login-invalid");
        // Also with the cookie of the login, and on another route.
        assertProblem(thief.open(callback), 400, "login-invalid");
        assertThat(thief.cookies).doesNotContainKey("__Host-session");
        assertThat(provider.tokenRequests()).hasSize(1);
    }

    @Test
    void completesNoLoginThatAnotherBrowserHasBegun() throws Exception {
        Browser attacker = browser();
        String callback = provider.approve(Browser.location(attacker.open("/")));
        Browser victim = browser();
        victim.open("/");

        assertProblem(victim.open(callback), 400, "login-invalid");
        assertThat(victim.cookies).doesNotContainKey("__Host-session");
        assertThat(provider.tokenRequests()).isEmpty();
    }

    @Test
    void completesNoLoginThatWasBegunTooLongAgo() throws Exception {
        Browser browser = browser();
        String callback = provider.approve(Browser.location(browser.open("/")));
        pass(PendingLogin.PATIENCE);

        assertProblem(browser.open(callback), 400, "login-invalid");
    }

    @Test
    void completesNoLoginWhoseCookieWasChanged() throws Exception {
        Browser browser = browser();
        URI one = Browser.location(browser.open("/one"));
        URI other = Browser.location(browser.open("/other"));
        List<String> names = List.copyOf(browser.cookies.keySet());
        // The cookie of the one login in the place of the other's: only its name says which it is.
        browser.cookies.put(names.getFirst(), browser.cookies.get(names.getLast()));

        assertProblem(browser.open(provider.approve(one)), 400, "login-invalid");
        assertThat(browser.open(provider.approve(other)).status()).isEqualTo(303);
    }

    @Test
    void takesNoLoginCookieForASession() throws Exception {
        Browser browser = browser();
        browser.open("/");
        browser.cookies.put(
                "__Host-session", browser.cookies.values().iterator().next());

        assertLedToLogin(browser.open("/"));
        assertThat(browser.next.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/oidc/callback",
                "/oidc/callback?code=x",
                "/oidc/callback?state=&code=x",
                "/oidc/callback?state=%0d%0a;x"
            })
    void answers400ToAnAnswerToNothing(String target) throws Exception {
        Response response = browser().open(target);

        assertProblem(response, 400, "login-invalid");
        assertThat(response.headers().has("set-cookie")).isFalse();
    }

    @Test
    void answers400ToParametersThatAreThereTwice() throws Exception {
        Browser browser = browser();
        String callback = provider.approve(Browser.location(browser.open("/")));

        assertProblem(browser.open(callback + "&code=other"), 400, "login-invalid");
        assertThat(provider.tokenRequests()).isEmpty();
    }

    @Test
    void answers403WhereTheProviderRefuses() throws Exception {
        Browser browser = browser();
        String state = provider.asked(Browser.location(browser.open("/"))).get("state");

        Response response =
                browser.open("/oidc/callback?error=access_denied&error_description=%3Cscript%3E&state=" + state);

        assertThat(response.body().text(10_000))
                .contains("It says: access_denied")
                .doesNotContain("script");
        assertProblem(response, 403, "login-refused");
        assertThat(browser.cookies).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/basket?item=1", "/a?q={x}|^`[y]", "/a/../b"})
    void goesOnWhereABrowserWithASessionComesToAnAnswerAgain(String page) throws Exception {
        Browser browser = browser();
        String callback = provider.approve(Browser.location(browser.open(page)));
        Map<String, String> before = Map.copyOf(browser.cookies);
        Response first = browser.open(callback);

        Response back = browser.open(callback);
        browser.cookies.putAll(before);
        Response twice = browser.open(callback);

        assertThat(first.header("location")).isEqualTo(Browser.ORIGIN + page);
        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("location")).isEqualTo("/");
        assertThat(twice.header("location")).isEqualTo(Browser.ORIGIN + page);
        assertThat(provider.tokenRequests()).hasSize(1);
    }

    @Test
    void beginsAgainOnceWhereTheProviderCannotJustNow() throws Exception {
        Browser browser = browser();
        URI first = Browser.location(browser.open("/basket"));

        Response again = browser.open(failing("temporarily_unavailable", first));

        assertLedToLogin(again);
        assertThat(browser.cookies).hasSize(1);
        assertThat(browser.open(provider.approve(Browser.location(again))).header("location"))
                .isEqualTo(Browser.ORIGIN + "/basket");
    }

    @Test
    void beginsNoThirdTime() throws Exception {
        Browser browser = browser();
        URI first = Browser.location(browser.open("/basket"));
        URI second = Browser.location(browser.open(failing("temporarily_unavailable", first)));

        Response third = browser.open(failing("temporarily_unavailable", second));

        assertProblem(third, 503, "identity-provider-unavailable");
        assertThat(third.header("retry-after")).isEqualTo("1");
        assertThat(browser.cookies).isEmpty();
    }

    @Test
    void goesOnWithTheSessionOfAnotherTabWhereTheProviderCannotJustNow() throws Exception {
        Browser browser = browser();
        URI here = Browser.location(browser.open("/basket"));
        browser.logIn(provider, "/");

        Response response = browser.open(failing("temporarily_unavailable", here));

        assertThat(response.header("location")).isEqualTo(Browser.ORIGIN + "/basket");
        assertThat(browser.open("/basket").status()).isEqualTo(200);
    }

    @Test
    void answers503WhereTheProviderSaysThatItFails() throws Exception {
        Browser browser = browser();

        Response response = browser.open(failing("server_error", Browser.location(browser.open("/"))));

        assertProblem(response, 503, "identity-provider-unavailable");
    }

    private String failing(String error, URI authorization) {
        return "/oidc/callback?error=" + error + "&state="
                + provider.asked(authorization).get("state");
    }

    @Test
    void doesNotRepeatWhatIsNoNameOfAnError() throws Exception {
        Browser browser = browser();
        String state = provider.asked(Browser.location(browser.open("/"))).get("state");

        assertThat(browser.open("/oidc/callback?error=%3Cb%3E&state=" + state)
                        .body()
                        .text(10_000))
                .contains("It says: an error");
    }

    @Test
    void takesNoAnswerOfAnotherProvider() throws Exception {
        Browser browser = browser();
        String callback = provider.approve(Browser.location(browser.open("/")));

        assertProblem(browser.open(callback + "&iss=https%3A%2F%2Fevil.example.com"), 400, "login-invalid");
        assertThat(provider.tokenRequests()).isEmpty();
    }

    @Test
    void takesNoAnswerWithoutANameWhereTheProviderNamesItself() throws Exception {
        provider.namesItself();
        Browser browser = browser();
        assertThat(browser.logIn(provider, "/").status()).isEqualTo(303);
        String callback = provider.approve(Browser.location(browser.open("/oidc/login")));

        assertProblem(browser.open(callback.replaceFirst("&iss=.*", "")), 400, "login-invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, https://evil.example.com",
        "aud, bank",
        "azp, bank",
        "nonce, other",
        "nonce,",
        "sub,",
        "exp,",
        "iat,",
        "aud,",
        "iss,",
        "at_hash, AAAAAAAAAAAAAAAAAAAAAA"
    })
    void completesNoLoginWithAnIdTokenOf(String claim, String value) throws Exception {
        provider.idToken = claims -> {
            claims.remove(claim);
            if (value != null) {
                claims.put(claim, value);
            }
        };
        Browser browser = browser();

        Response response = browser.logIn(provider, "/");

        assertProblem(response, 400, "login-invalid");
        assertThat(browser.cookies).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"exp, -31", "iat, 60"})
    void completesNoLoginWithAnIdTokenOfAnotherTime(String claim, long seconds) throws Exception {
        provider.idToken = claims -> claims.put(claim, Instant.now().getEpochSecond() + seconds);

        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");
    }

    @Test
    void completesNoLoginWithAnIdTokenForManyThatDoesNotNameUs() throws Exception {
        provider.idToken = claims -> claims.put("aud", List.of("shop", "bank"));
        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");

        provider.idToken = claims -> {
            claims.put("aud", List.of("shop", "bank"));
            claims.put("azp", "shop");
        };
        assertThat(browser().logIn(provider, "/").status()).isEqualTo(303);
    }

    @Test
    void completesNoLoginWithAnIdTokenThatTheProviderHasNotSigned() throws Exception {
        provider.answer = tokens -> {
            String[] parts = tokens.get("id_token").toString().split("\\.");
            tokens.put("id_token", parts[0] + "." + parts[1] + "." + Base64URL.encode(new byte[64]));
        };
        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");

        provider.answer = tokens -> {
            String[] parts = tokens.get("id_token").toString().split("\\.");
            tokens.put("id_token", Base64URL.encode("{\"alg\":\"none\"}") + "." + parts[1] + ".");
        };
        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");
    }

    @Test
    void takesNoOtherKindOfTokenForAnIdToken() throws Exception {
        provider.answer = tokens -> {
            Map<String, Object> claims = new HashMap<>(Map.of(
                    "iss",
                    provider.issuer(),
                    "sub",
                    "alice",
                    "aud",
                    "shop",
                    "iat",
                    Instant.now().getEpochSecond(),
                    "exp",
                    Instant.now().getEpochSecond() + 60));
            tokens.put("id_token", provider.sign(claims, new JOSEObjectType("logout+jwt")));
        };

        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");
    }

    @Test
    void completesNoLoginWithoutAnIdToken() throws Exception {
        provider.answer = tokens -> tokens.remove("id_token");

        assertProblem(browser().logIn(provider, "/"), 400, "login-invalid");
    }

    @Test
    void followsWhenTheProviderChangesItsKeys() throws Exception {
        Browser browser = loggedIn(config());
        provider.key = TestProvider.ecKey("k2");

        assertThat(browser.logIn(provider, "/oidc/login").status()).isEqualTo(303);
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void givesASessionAnotherIdAfterEachLogin() throws Exception {
        Browser browser = loggedIn(config());
        Map<String, String> planted = new LinkedHashMap<>(browser.cookies);
        assertThat(browser.logIn(provider, "/oidc/login").status()).isEqualTo(303);

        SessionCookies cookies = new SessionCookies(
                new Cookies(SessionCookie.DEFAULT),
                new Seal(config().build().keys(), "session", provider.issuer(), "shop"),
                "__Host-session",
                Duration.ofHours(12));
        assertThat(Set.of(
                        cookies.read(planted).id(),
                        cookies.read(browser.cookies).id()))
                .hasSize(2);
    }

    @Test
    void answers503WhileTheProviderIsDown() throws Exception {
        Browser browser = browser();
        provider.close();

        Response response = browser.open("/");

        assertProblem(response, 503, "identity-provider-unavailable");
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(browser.open("/").status()).isEqualTo(503);
        assertThat(context.log().stream().filter(line -> line.contains("the provider cannot be asked")))
                .hasSize(1);
    }

    @Test
    void answers503WhereTheProviderFailsAndLetsThePersonBeginAgain() throws Exception {
        Browser browser = browser();
        provider.failWith = 500;
        assertProblem(browser.logIn(provider, "/"), 503, "identity-provider-unavailable");

        provider.failWith = 0;

        assertThat(browser.logIn(provider, "/").status()).isEqualTo(303);
    }

    @Test
    void answers503WhereTheProviderDoesNotKnowTheClient() throws Exception {
        assertProblem(
                browser(config().clientSecret("wrong")).logIn(provider, "/"), 503, "identity-provider-unavailable");
        assertThat(context.log()).anyMatch(line -> line.contains("invalid_client"));
    }

    @ParameterizedTest
    @CsvSource({
        "issuer, https://evil.example.com",
        "token_endpoint, file:///etc/passwd",
        "authorization_endpoint,",
        "jwks_uri,"
    })
    void answers503WhereTheMetadataCannotBeUsed(String name, String value) throws Exception {
        provider.tells(name, value);

        assertProblem(browser().open("/"), 503, "identity-provider-unavailable");
    }

    @Test
    void answers400ToARequestWithoutAHost() throws Exception {
        Response response = filter(config())
                .handle(
                        Requests.get("/")
                                .header("host", "a/b@evil.example.com")
                                .header("accept", "text/html")
                                .build(),
                        request -> {
                            throw new AssertionError("passed on");
                        });

        assertProblem(response, 400, "login-invalid");
    }

    @Test
    void neverShowsCodesTokensOrSecrets() throws Exception {
        Browser browser = loggedIn(config().forward());
        String notes = browser.exchange.notes().toString();
        provider.failWith = 400;
        browser.logIn(provider, "/oidc/login");

        assertThat(notes + browser.exchange.notes() + context.log())
                .doesNotContain("code-", "access-", "refresh-", TestProvider.SECRET, Configs.KEY, "eyJ");
    }

    @Test
    void explainsWhatItWouldDo() throws Exception {
        Filter filter = filter(config());

        assertThat(filter.explain(
                        Requests.get("/").header("accept", "text/html").build()))
                .isEqualTo(new Explanation.Answers(303, "no session, so to the login at the provider"));
        assertThat(filter.explain(Requests.get("/").build())).isInstanceOf(Explanation.Answers.class);
        assertThat(filter.explain(Requests.get("/oidc/callback").build())).isInstanceOf(Explanation.Unknown.class);
    }
}
