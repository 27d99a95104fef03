package dev.sallyport.plugins.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.AdminPages.Role;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SessionPagesTest {

    private static final String TOKEN = "the-token-of-ops";

    private final FakeAdmin admin = new FakeAdmin();
    private final ManualClock clock = new ManualClock();
    private final SessionPages pages = new SessionPages(config(3, 2), clock, null);

    private static ConsoleConfig config(int sessions, int each) {
        return new ConsoleConfig(
                Duration.ofMinutes(30), Duration.ofHours(8), sessions, each, true, 10, List.of(), null);
    }

    private FakeCall login(String token) {
        FakeCall call = new FakeCall(admin, "POST", "/session");
        call.body = "{\"token\": \"" + token + "\"}";
        return call;
    }

    private Answer ask(FakeCall call) throws IOException {
        Answer answer = pages.answer(call, call.path());
        assertThat(answer).isNotNull();
        return answer;
    }

    private static JsonNode json(Answer answer) {
        return JsonMapper.shared()
                .readTree(
                        StandardCharsets.UTF_8.decode(answer.body().duplicate()).toString());
    }

    private static String cookie(Answer answer) {
        return answer.headers().get("set-cookie", "").replaceFirst(";.*", "");
    }

    private FakeCall renewal(String cookie) {
        return new FakeCall(admin, "POST", "/session/renew").with("cookie", cookie);
    }

    @Test
    void givesAPageATokenOfTheSameRoleAndTheBrowserACookieForItsSessionAlone() throws IOException {
        Answer answer = ask(login(TOKEN));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(json(answer).toString())
                .isEqualTo("{\"name\":\"ops\",\"role\":\"operate\",\"token\":\"minted-1-600\","
                        + "\"expiresInSeconds\":600,\"endsInSeconds\":28800}");
        assertThat(answer.headers().get("set-cookie"))
                .matches("sallyport-console=[\\w-]{43}; Path=/console/session; HttpOnly; SameSite=Strict");
        assertThat(admin.minted.get("minted-1-600")).isEqualTo(new Caller("ops", Role.OPERATE));
        assertThat(admin.grounds)
                .as("it ends with what it rests on")
                .containsEntry("minted-1-600", Sessions.hash(TOKEN));
        assertThat(admin.audit).containsExactly("ops login");
    }

    @Test
    void marksTheCookieForTlsAloneWhereThereIsTls() throws IOException {
        FakeCall call = login(TOKEN);
        call.secure = true;

        assertThat(ask(call).headers().get("set-cookie"))
                .startsWith("__Secure-sallyport-console=")
                .endsWith("; Secure");
    }

    @Test
    void marksTheCookieForTlsAloneWhereBrowsersSeeTheConsoleOverTls() throws IOException {
        OidcConfig oidc = new OidcConfig(
                "https://idp.example",
                "x",
                "console",
                null,
                ClientAuth.BASIC,
                List.of(),
                URI.create("https://admin.example"),
                "sub",
                new RolesConfig("roles", List.of("boss"), List.of(), List.of()));
        ConsoleConfig behindProxy =
                new ConsoleConfig(Duration.ofMinutes(30), Duration.ofHours(8), 3, 2, true, 10, List.of(), oidc);
        FakeCall call = login(TOKEN);

        Answer answer = new SessionPages(behindProxy, clock, null).answer(call, call.path());

        assertThat(answer).isNotNull();
        assertThat(answer.headers().get("set-cookie"))
                .startsWith("__Secure-sallyport-console=")
                .endsWith("; Secure");
    }

    @Test
    void tellsWhichWaysThereAre() throws IOException {
        assertThat(json(ask(new FakeCall(admin, "GET", "/session/ways"))).toString())
                .isEqualTo("{\"token\":true,\"oidc\":null}");
    }

    @Test
    void refusesATokenOfNobodyAndSaysSoInTheAuditLogWithoutIt() throws IOException {
        Answer answer = ask(login("some-other-token"));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers().has("set-cookie")).isFalse();
        assertThat(admin.audit).containsExactly("nobody login: not a token of the admin API, from 10.0.0.7");
        assertThat(admin.minted).isEmpty();
    }

    @Test
    void makesAnAddressWaitThatFailsAgainAndAgain() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(ask(login("wrong-wrong-wrong")).status()).isEqualTo(401);
        }

        Answer waits = ask(login("wrong-wrong-wrong"));
        assertThat(waits.status()).isEqualTo(429);
        assertThat(waits.headers().get("retry-after")).isEqualTo("1");
        assertThat(admin.audit).as("no line for each guess").hasSize(5);

        FakeCall elsewhere = login("wrong-wrong-wrong");
        elsewhere.peer = "10.0.0.8";
        assertThat(ask(elsewhere).status()).isEqualTo(401);
        assertThat(ask(login(TOKEN)).status()).as("who has the token").isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "origin, none",
                "origin, http://evil.example",
                "origin, http://127.0.0.1:3000",
                "origin, 'null'",
                "x-sallyport-console, none",
                "sec-fetch-site, cross-site",
                "sec-fetch-site, same-site",
            })
    void takesNothingThatItsOwnPageHasNotSent(String header, String value) throws IOException {
        String cookie = cookie(ask(login(TOKEN)));

        assertThat(ask(login(TOKEN).with(header, value)).status()).isEqualTo(403);
        assertThat(ask(renewal(cookie).with(header, value)).status()).isEqualTo(403);
        assertThat(ask(new FakeCall(admin, "DELETE", "/session")
                                .with("cookie", cookie)
                                .with(header, value))
                        .status())
                .isEqualTo(403);
        assertThat(ask(renewal(cookie)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
    void takesNoTypeThatAFormCanSend(String type) throws IOException {
        assertThat(ask(login(TOKEN).with("content-type", type)).status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "[]", "{}", "{\"token\": 1}", "{\"token\": \"x\""})
    void saysWhatABodyShouldBe(String body) throws IOException {
        FakeCall call = login(TOKEN);
        call.body = body;

        assertThat(ask(call).status()).isEqualTo(400);
    }

    @Test
    void readsNoLongBody() {
        FakeCall call = login("x".repeat(10_000));

        assertThatThrownBy(() -> ask(call)).isInstanceOf(BodyTooLargeException.class);
    }

    @Test
    void renewsForAsLongAsItIsRenewedUpToItsLongestLife() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));
        for (int i = 0; i < 16; i++) {
            clock.advance(Duration.ofMinutes(29));
            assertThat(ask(renewal(cookie)).status()).isEqualTo(200);
        }
        clock.advance(Duration.ofMinutes(14));
        JsonNode last = json(ask(renewal(cookie)));
        assertThat(last.get("expiresInSeconds").asInt())
                .as("no longer than the session")
                .isEqualTo(120);

        clock.advance(Duration.ofMinutes(2));

        assertThat(ask(renewal(cookie)).status()).isEqualTo(401);
        assertThat(admin.minted.values()).allMatch(caller -> caller.name().equals("revoked"));
    }

    @Test
    void endsWhenNobodyHasRenewedItForLong() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));

        clock.advance(Duration.ofMinutes(30));

        Answer over = ask(renewal(cookie));
        assertThat(over.status()).isEqualTo(401);
        assertThat(over.headers().get("set-cookie")).contains("Max-Age=0");
    }

    @Test
    void isKeptAliveByWhoUsesItAndNotByAPageThatIsOnlyOpen() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));
        clock.advance(Duration.ofMinutes(25));

        Answer idle = ask(renewal(cookie).with("x-sallyport-active", "0"));
        assertThat(json(idle).get("expiresInSeconds").asInt()).isEqualTo(300);

        clock.advance(Duration.ofMinutes(5));
        assertThat(ask(renewal(cookie)).status()).isEqualTo(401);
    }

    @Test
    void endsWithTheTokenThatItBeganWith() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));

        admin.tokens.clear();

        assertThat(ask(renewal(cookie)).status()).isEqualTo(401);
    }

    @Test
    void mayNoMoreThanTheTokenMayNow() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));

        admin.tokens.put(TOKEN, new Caller("ops", Role.READ));
        assertThat(json(ask(renewal(cookie))).get("role").asString()).isEqualTo("read");

        admin.tokens.put(TOKEN, new Caller("ops", Role.ADMIN));
        assertThat(json(ask(renewal(cookie))).get("role").asString()).isEqualTo("operate");
    }

    @Test
    void endsAtOnceWithAllItsTokensAtLogout() throws IOException {
        String cookie = cookie(ask(login(TOKEN)));
        assertThat(ask(renewal(cookie)).status()).isEqualTo(200);

        Answer ended = ask(new FakeCall(admin, "DELETE", "/session").with("cookie", cookie));

        assertThat(json(ended).toString()).isEqualTo("{\"ended\":true}");
        assertThat(ended.headers().get("set-cookie")).contains("Max-Age=0");
        assertThat(ask(renewal(cookie)).status()).isEqualTo(401);
        assertThat(admin.minted.values()).allMatch(caller -> caller.name().equals("revoked"));
        assertThat(admin.audit).containsExactly("ops login", "ops logout");
    }

    @Test
    void endsTheOldestSessionOfAPersonWhoHasTooMany() throws IOException {
        String first = cookie(ask(login(TOKEN)));
        clock.advance(Duration.ofSeconds(1));
        String second = cookie(ask(login(TOKEN)));
        clock.advance(Duration.ofSeconds(1));
        String third = cookie(ask(login(TOKEN)));

        assertThat(ask(renewal(first)).status()).isEqualTo(401);
        assertThat(ask(renewal(second)).status()).isEqualTo(200);
        assertThat(ask(renewal(third)).status()).isEqualTo(200);
    }

    @Test
    void letsNobodyInWhereTooManyAre() throws IOException {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            admin.tokens.put("token-of-" + name, new Caller(name, Role.READ));
        }
        assertThat(ask(login("token-of-a")).status()).isEqualTo(200);
        assertThat(ask(login("token-of-b")).status()).isEqualTo(200);
        assertThat(ask(login("token-of-c")).status()).isEqualTo(200);

        assertThat(ask(login("token-of-d")).status()).isEqualTo(503);

        clock.advance(Duration.ofMinutes(31));
        assertThat(ask(login("token-of-d")).status()).isEqualTo(200);
    }

    @Test
    void hasNoOidcWhereNoneIsConfigured() throws IOException {
        assertThat(ask(new FakeCall(admin, "GET", "/session/oidc")).status()).isEqualTo(404);
    }
}
