package dev.sallyport.plugins.tokenintrospection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.ClientAuth;
import dev.sallyport.oauth.Sender;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.ManualClock;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenIntrospectionFilterTest {

    private static final long NOW = ManualClock.START.getEpochSecond();
    private static final String ALICE = "{\"active\": true, \"sub\": \"alice\"}";

    private final Provider provider = new Provider().says("good", ALICE);
    private final FakeContext context = FakeContext.create();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void close() {
        context.close();
        provider.close();
    }

    private Configs config() {
        return Configs.at(provider.endpoint());
    }

    private Filter filter(Configs config) {
        return context.create(new TokenIntrospectionFactory(), config.build());
    }

    private Response send(Filter filter, String token) throws Exception {
        return filter.handle(
                Requests.get("/")
                        .header("authorization", "Bearer " + token)
                        .exchange(exchange)
                        .build(),
                next);
    }

    private Response send(Configs config, String token) throws Exception {
        return send(filter(config), token);
    }

    /** Says about a token of {@code alice} what else is given, a part of a JSON object. */
    private String aliceWith(String more) {
        return "{\"active\": true, \"sub\": \"alice\", " + more + "}";
    }

    private static void assertInvalid(Response response, String why) throws IOException {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"invalid_token\", error_description=\"" + why + "\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-invalid", why);
    }

    private static void assertUnavailable(Response response) throws IOException {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(response.headers().has("www-authenticate")).isFalse();
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:identity-provider-unavailable");
    }

    @Test
    void saysWhoSentTheRequestAndLeavesTheClaims() throws Exception {
        provider.says("good", aliceWith("\"realm_access\": {\"roles\": [\"clerk\"]}"));

        Response response = send(config(), "good");

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(new Consumer("alice"));
        assertThat(exchange.attributes().get("jwt-claims"))
                .isEqualTo(Map.of("active", true, "sub", "alice", "realm_access", Map.of("roles", List.of("clerk"))));
        assertThat(exchange.notes()).containsEntry("consumer", "alice").containsEntry("answer", "provider");
        assertThat(next.request().header("authorization")).isEqualTo("Bearer good");
    }

    @Test
    void asksWithItsNameAndSecretInTheHeader() throws Exception {
        send(config(), "good");

        Provider.Asked asked = provider.asked().getFirst();
        // RFC 6749 §2.3.1: each is form-encoded first.
        assertThat(new String(
                        Base64.getDecoder().decode(asked.authorization().substring("Basic ".length())),
                        StandardCharsets.UTF_8))
                .isEqualTo("gateway:s3cret%3A%2F%26%C3%A4");
        assertThat(asked.form()).containsEntry("token", "good").doesNotContainKey("client_secret");
    }

    @Test
    void asksWithItsNameAndSecretInTheBodyWhereChosen() throws Exception {
        send(config().clientAuth(ClientAuth.POST), "good");

        Provider.Asked asked = provider.asked().getFirst();
        assertThat(asked.authorization()).isEmpty();
        assertThat(asked.form())
                .containsEntry("token", "good")
                .containsEntry("client_id", "gateway")
                .containsEntry("client_secret", "s3cret:/&ä");
    }

    @Test
    void findsTheEndpointFromTheIssuer() throws Exception {
        Filter filter = filter(Configs.of(provider.issuer()));

        assertThat(send(filter, "good").status()).isEqualTo(200);
        assertThat(provider.asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"issuer\": \"https://evil.example.com\", \"introspection_endpoint\":"
                        + " \"https://evil.example.com/i\"}",
                "{\"issuer\": \"$\"}",
                "{\"issuer\": \"$\", \"introspection_endpoint\": \"file:///etc/passwd\"}",
                "[]",
                "nonsense"
            })
    void answers503WhereTheMetadataAreNotOfTheIssuer(String metadata) throws Exception {
        provider.metadata(metadata.replace("$", provider.issuer()));

        assertUnavailable(send(Configs.of(provider.issuer()), "good"));
        assertThat(provider.asked()).isEmpty();
        assertThat(context.log()).anyMatch(line -> line.contains("the provider cannot be asked"));
    }

    @Test
    void answers401WithoutAToken() throws Exception {
        Response response =
                filter(config()).handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).isEqualTo("Bearer realm=\"api\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-missing");
        assertThat(exchange.notes()).containsEntry("refused", "no token");
        assertThat(provider.asked()).isEmpty();
        assertThat(next.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a\"b", "=a", "a,b"})
    void doesNotAskAboutWhatCannotBeAToken(String token) throws Exception {
        assertInvalid(send(config(), token), "The token is malformed.");
        assertThat(provider.asked()).isEmpty();
    }

    @Test
    void refusesATokenThatIsTooLong() throws Exception {
        assertInvalid(send(config(), "e".repeat(Token.LONGEST + 1)), "The token is too long.");
        assertThat(provider.asked()).isEmpty();
    }

    @Test
    void refusesTwoTokens() throws Exception {
        Response response = filter(config())
                .handle(
                        Requests.get("/")
                                .header("authorization", "Bearer good")
                                .header("authorization", "Bearer other")
                                .build(),
                        next);

        assertInvalid(response, "More than one Authorization field was sent.");
    }

    @Test
    void refusesATokenThatIsNotActive() throws Exception {
        assertInvalid(send(config(), "unknown"), "The token is not active.");
        assertThat(next.calls()).isZero();
        assertThat(exchange.consumer()).isNull();
    }

    @Test
    void refusesATokenOfAnotherIssuer() throws Exception {
        provider.says("other", aliceWith("\"iss\": \"https://evil.example.com\""))
                .says("same", aliceWith("\"iss\": \"" + provider.issuer() + "\""));
        Filter filter = filter(Configs.of(provider.issuer()));

        assertInvalid(send(filter, "other"), "The token is of another issuer.");
        assertThat(send(filter, "same").status()).isEqualTo(200);
    }

    @Test
    void refusesATokenThatIsBoundToAKey() throws Exception {
        provider.says("good", aliceWith("\"cnf\": {\"jkt\": \"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}"));

        assertInvalid(send(config(), "good"), "The token is bound to a key, and is not accepted without it.");
    }

    @Test
    void refusesATokenThatIsBoundToACertificateThatWasNotShown() throws Exception {
        String hash = "\"x5t#S256\": \"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2\"";
        provider.says("good", aliceWith("\"cnf\": {" + hash + "}"))
                .says("both", aliceWith("\"cnf\": {\"jkt\": \"x\", " + hash + "}"));

        assertInvalid(send(config(), "good"), "The token is bound to a certificate that the client has not shown.");
        assertInvalid(send(config(), "both"), "The token is bound to a key, and is not accepted without it.");
    }

    @Test
    void refusesAnotherAudience() throws Exception {
        provider.says("text", aliceWith("\"aud\": \"shop\"")).says("list", aliceWith("\"aud\": [\"x\", \"shop\"]"));

        assertInvalid(send(config().audience("bank"), "text"), "The token is meant for another audience.");
        assertInvalid(send(config().audience("bank"), "good"), "The token is meant for another audience.");
        assertThat(send(config().audience("bank", "shop"), "text").status()).isEqualTo(200);
        assertThat(send(config().audience("shop"), "list").status()).isEqualTo(200);
    }

    @Test
    void warnsWhereNoAudienceIsSet() {
        filter(config());

        assertThat(context.log()).anyMatch(line -> line.startsWith("WARNING") && line.contains("no audience is set"));
    }

    @Test
    void namesTheCallerByAnotherClaim() throws Exception {
        provider.says("service", "{\"active\": true, \"client_id\": \"batch\"}");

        assertThat(send(config().consumer("client_id"), "service").status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(new Consumer("batch"));
        assertInvalid(send(config(), "service"), "The token does not name its caller.");
        assertThat(exchange.notes()).containsEntry("refused", "The token does not name its caller.");
    }

    @Test
    void answers403WithoutTheScopes() throws Exception {
        provider.says("good", aliceWith("\"scope\": \"orders:read orders:write\""));

        Response response = send(config().scopes("orders:read", "orders:delete"), "good");

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"orders:read orders:delete\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-insufficient");
        assertThat(exchange.notes()).containsEntry("refused", "scope").containsEntry("consumer", "alice");
        assertThat(exchange.consumer()).isNull();
        assertThat(send(config().scopes("orders:read"), "good").status()).isEqualTo(200);
    }

    @Test
    void answers403WithoutARequiredClaim() throws Exception {
        provider.says("clerk", aliceWith("\"realm_access\": {\"roles\": [\"clerk\"]}"));
        Claims rules = new Claims(Map.of("realm_access.roles", List.of("admin", "clerk")), Map.of());

        assertThat(send(config().claims(rules), "clerk").status()).isEqualTo(200);
        Response refused = send(config().claims(rules), "good");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("www-authenticate")).contains("insufficient_scope");
        assertThat(refused.body().text(1_000)).contains("urn:sallyport:problem:token-insufficient");
        assertThat(exchange.notes()).containsEntry("refused", "claim realm_access.roles");
    }

    @Test
    void tellsTheUpstreamClaims() throws Exception {
        provider.says("good", aliceWith("\"groups\": [\"a\", \"b\"], \"name\": \"Eve\\r\\nx-admin: yes\""));
        Claims rules =
                new Claims(Map.of(), Map.of("x-user", "sub", "x-groups", "groups", "x-name", "name", "x-none", "none"));

        filter(config().claims(rules))
                .handle(
                        Requests.get("/")
                                .header("authorization", "Bearer good")
                                .header("x-user", "forged")
                                .header("X-None", "forged")
                                .build(),
                        next);

        assertThat(context.ownedHeaders()).containsExactly("x-groups", "x-name", "x-none", "x-user");
        assertThat(next.request().headers().all("x-user")).containsExactly("alice");
        assertThat(next.request().header("x-groups")).isEqualTo("a, b");
        assertThat(next.request().headers().has("x-none")).isFalse();
        assertThat(next.request().headers().has("x-name")).isFalse();
    }

    @Test
    void takesTheTokenOutWhereAsked() throws Exception {
        send(config().forward(false), "good");

        assertThat(next.request().headers().has("authorization")).isFalse();
    }

    @Test
    void keepsAnAnswerForItsTime() throws Exception {
        Filter filter = filter(config());
        send(filter, "good");
        context.clock().advance(Duration.ofSeconds(59));
        send(filter, "good");
        assertThat(provider.asked()).hasSize(1);
        assertThat(exchange.notes()).containsEntry("answer", "cache");

        provider.says("good", "{\"active\": false}");
        context.clock().advance(Duration.ofSeconds(1));

        assertInvalid(send(filter, "good"), "The token is not active.");
        assertThat(provider.asked()).hasSize(2);
    }

    @Test
    void keepsAnAnswerThatATokenIsNotActiveForAShorterTime() throws Exception {
        Filter filter = filter(config());
        send(filter, "new");
        context.clock().advance(Duration.ofSeconds(9));
        send(filter, "new");
        assertThat(provider.asked()).hasSize(1);

        provider.says("new", ALICE);
        context.clock().advance(Duration.ofSeconds(1));

        assertThat(send(filter, "new").status()).isEqualTo(200);
    }

    @Test
    void neverKeepsAnAnswerBeyondTheEndOfTheToken() throws Exception {
        provider.says("good", aliceWith("\"exp\": " + (NOW + 20)));
        Filter filter = filter(config().staleFor(Duration.ofHours(1)));
        send(filter, "good");
        context.clock().advance(Duration.ofSeconds(19));
        send(filter, "good");
        assertThat(provider.asked()).hasSize(1);

        provider.close();
        context.clock().advance(Duration.ofSeconds(1));

        assertUnavailable(send(filter, "good"));
    }

    @Test
    void keepsNoAnswerWhereAskedTo() throws Exception {
        Filter filter = filter(config().ttl(Duration.ZERO, Duration.ZERO));
        send(filter, "good");
        send(filter, "good");
        send(filter, "bad");
        send(filter, "bad");

        assertThat(provider.asked()).hasSize(4);
    }

    @Test
    void keepsNoMoreAnswersThanAllowed() throws Exception {
        Filter filter = filter(config().maxEntries(10));
        for (int i = 0; i < 100; i++) {
            send(filter, "t" + i);
        }
        for (int i = 0; i < 100; i++) {
            send(filter, "t" + i);
        }

        assertThat(provider.asked()).hasSizeGreaterThanOrEqualTo(190);
    }

    @Test
    void tellsTokensApart() throws Exception {
        provider.says("other", "{\"active\": true, \"sub\": \"bob\"}");
        Filter filter = filter(config());

        send(filter, "good");
        assertThat(exchange.consumer()).isEqualTo(new Consumer("alice"));
        send(filter, "other");
        assertThat(exchange.consumer()).isEqualTo(new Consumer("bob"));
        send(filter, "good");
        assertThat(exchange.consumer()).isEqualTo(new Consumer("alice"));
    }

    @Test
    void asksOnceForATokenHoweverManyCarryIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        provider.before(() -> {
            asked.countDown();
            go.await();
        });
        Filter filter = filter(config());
        List<Future<Response>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(context.threads()
                    .submit(() -> filter.handle(
                            Requests.get("/")
                                    .header("authorization", "Bearer good")
                                    .build(),
                            FakeNext.ok())));
        }
        asked.await();
        go.countDown();

        for (Future<Response> answer : answers) {
            assertThat(answer.get().status()).isEqualTo(200);
        }
        assertThat(provider.asked()).hasSize(1);
    }

    @Test
    void goesOnForOthersWhereTheRequestThatAsksIsGivenUp() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        provider.before(() -> {
            asked.countDown();
            go.await();
        });
        Filter filter = filter(config());
        Future<Response> first = context.threads().submit(() -> send(filter, "good"));
        asked.await();
        Future<Response> second = context.threads()
                .submit(() -> filter.handle(
                        Requests.get("/").header("authorization", "Bearer good").build(), FakeNext.ok()));

        first.cancel(true);
        go.countDown();

        assertThat(second.get().status()).isEqualTo(200);
        assertThat(provider.asked()).hasSize(1);
    }

    @Test
    void answers503WhileTheProviderIsDownAndLeavesItAloneForAMoment() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Filter filter = filter(Configs.at(URI.create("http://127.0.0.1:" + port + "/introspect")));

        assertUnavailable(send(filter, "good"));
        assertUnavailable(send(filter, "other"));

        assertThat(exchange.notes()).containsEntry("refused", "provider unavailable");
        assertThat(context.log().stream().filter(line -> line.contains("the provider cannot be asked")))
                .hasSize(1);
    }

    @Test
    void asksAgainAfterAMomentAndSaysThatTheProviderIsBack() throws Exception {
        provider.status(500, "text/html");
        Filter filter = filter(config());
        assertUnavailable(send(filter, "good"));

        provider.status(200, "application/json");

        assertThat(send(filter, "good").status()).isEqualTo(200);
        assertThat(context.log()).anyMatch(line -> line.contains("the provider answers again"));
    }

    @Test
    void usesAnOldAnswerWhileTheProviderIsDownWhereAllowed() throws Exception {
        Filter filter = filter(config().staleFor(Duration.ofMinutes(5)));
        send(filter, "good");
        send(filter, "bad");
        provider.close();
        context.clock().advance(Duration.ofMinutes(5));

        assertThat(send(filter, "good").status()).isEqualTo(200);
        assertThat(exchange.notes()).containsEntry("answer", "stale");
        assertInvalid(send(filter, "bad"), "The token is not active.");
        assertUnavailable(send(filter, "never-seen"));

        context.clock().advance(Duration.ofMinutes(1));
        assertUnavailable(send(filter, "good"));
    }

    @Test
    void answers503WhereTheProviderIsTooSlow() throws Exception {
        provider.before(() -> new CountDownLatch(1).await());

        assertUnavailable(send(config().timeout(Duration.ofMillis(50)), "good"));
    }

    @Test
    void answers503WhereTheAnswerIsTooLong() throws Exception {
        provider.says("good", aliceWith("\"x\": \"" + "x".repeat(Sender.MOST_BYTES) + "\""));

        assertUnavailable(send(config(), "good"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "[]", "{}", "{\"active\": \"yes\"}", "{\"active\": 1}", "null"})
    void answers503WhereTheAnswerIsNone(String answer) throws Exception {
        provider.says("good", answer);

        assertUnavailable(send(config(), "good"));
        assertThat(next.calls()).isZero();
    }

    @Test
    void saysInTheLogThatTheProviderDoesNotKnowTheGateway() throws Exception {
        provider.status(401, "application/json");

        assertUnavailable(send(config(), "good"));
        assertThat(context.log()).anyMatch(line -> line.contains("are clientId and clientSecret the provider's?"));
    }

    @Test
    void neverShowsATokenOrTheSecret() throws Exception {
        Filter filter = filter(config());
        send(filter, "good");
        send(filter, "a-very-secret-token");
        provider.close();
        context.clock().advance(Duration.ofHours(1));
        send(filter, "a-very-secret-token");

        assertThat(exchange.notes().toString() + context.log()).doesNotContain("very-secret", "s3cret");
    }

    @Test
    void countsWhereAnswersAreFrom() throws Exception {
        Filter filter = filter(config());
        send(filter, "good");
        send(filter, "good");
        provider.close();
        send(filter, "other");

        await().untilAsserted(() -> assertThat(context.metrics().stream()
                        .map(metric -> metric.getName() + " "
                                + metric.getLongSumData().getPoints().stream()
                                        .mapToLong(point -> point.getValue())
                                        .sum()))
                .contains("sallyport.token_introspection.answers 2", "sallyport.token_introspection.unanswered 1"));
    }

    @Test
    void explainsByWhatIsKnown() throws Exception {
        Filter filter = filter(config());
        assertThat(filter.explain(
                        Requests.get("/").header("authorization", "Bearer good").build()))
                .isEqualTo(new Explanation.Unknown("the provider decides, and is not asked for this"));
        assertThat(filter.explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Answers(401, "A token is needed: Send it as Authorization: Bearer"));
        assertThat(provider.asked()).isEmpty();

        send(filter, "good");

        assertThat(filter.explain(
                        Requests.get("/").header("authorization", "Bearer good").build()))
                .isInstanceOf(Explanation.Passes.class);
        assertThat(provider.asked()).hasSize(1);
    }
}
