package dev.sallyport.plugins.jwtauth;

import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.oauth.Claims;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.security.Security;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtAuthFilterTest {

    private static ECKey ec;
    private static RSAKey rsa;

    private final Provider provider = new Provider().with(ec, rsa);
    private final FakeContext context = FakeContext.create();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @BeforeAll
    static void makeKeys() throws Exception {
        ec = Tokens.ecKey("ec-1");
        rsa = Tokens.rsaKey("rsa-1");
    }

    @AfterEach
    void close() {
        context.close();
        provider.close();
    }

    @Test
    void failsItsOwnTestWhereThisJavaKnowsNoneOfTheAlgorithms() throws Exception {
        java.security.Provider curves = Security.getProvider("SunEC");
        int place = List.of(Security.getProviders()).indexOf(curves) + 1;
        try (Filter elliptic = context.create(
                        new JwtAuthFactory(), config().algorithms("ES256").build());
                Filter either = context.create(
                        new JwtAuthFactory(),
                        config().algorithms("ES256", "RS256").build())) {
            elliptic.selfTest();
            Security.removeProvider("SunEC");

            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(elliptic::selfTest)
                    .satisfies(e -> assertThat(e.key()).isEqualTo("algorithms"));
            either.selfTest();
        } finally {
            Security.insertProviderAt(curves, place);
        }
    }

    @Test
    void explainsWithTheKeysThatAreHere() throws Exception {
        String token = Tokens.signed(ec, Tokens.claims());
        Filter filter = filter(config());
        Request request =
                Requests.get("/").header("authorization", "Bearer " + token).build();
        send(filter, token);

        assertThat(filter.explain(request)).isInstanceOf(Explanation.Passes.class);
        assertThat(request.exchange().consumer()).isEqualTo(new Consumer("alice"));
        assertThat(filter.explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Answers(401, "A token is needed: Send it as Authorization: Bearer"));
        ECKey other = Tokens.ecKey("other");
        assertThat(filter.explain(Requests.get("/")
                        .header("authorization", "Bearer " + Tokens.signed(other, Tokens.claims()))
                        .build()))
                .isEqualTo(new Explanation.Unknown(
                        "the provider's keys decide: the token's key is not among those that are there"));
    }

    @Test
    void saysWhoSentTheRequestAndLeavesTheClaims() throws Exception {
        Response response = send(config(), Tokens.signed(ec, Tokens.claims()));

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(new Consumer("alice"));
        assertThat(exchange.attributes().get("jwt-claims"))
                .isEqualTo(Map.of(
                        "iss",
                        Tokens.ISSUER,
                        "sub",
                        "alice",
                        "aud",
                        List.of("shop", "other"),
                        "exp",
                        Tokens.NOW + 300,
                        "iat",
                        Tokens.NOW,
                        "scope",
                        "orders:read orders:write"));
    }

    @Test
    void leavesClaimsOfTheJdksTypesOnly() throws Exception {
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("roles", List.of("admin", Map.of("a", 1.5)));
        nested.put("none", null);
        send(config(), Tokens.signed(ec, Tokens.with("realm_access", nested)));

        assertOnlyJdkTypes(exchange.attributes().get("jwt-claims"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void acceptsRsaSignatures(String algorithm) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .keyID("rsa-1")
                .build();

        Response response = send(config(), Tokens.signed(rsa, header, Tokens.claims()));

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void answers401WithoutErrorCodeWhereNoTokenWasSent() throws Exception {
        Response response =
                filter(config()).handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).isEqualTo("Bearer realm=\"api\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-missing");
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "no token"));
        assertThat(next.calls()).isZero();
    }

    @Test
    void takesAnotherSchemeForNoToken() throws Exception {
        Response response = filter(config())
                .handle(Requests.get("/").header("authorization", "Basic YTpi").build(), next);

        assertThat(response.header("www-authenticate")).isEqualTo("Bearer realm=\"api\"");
    }

    @Test
    void refusesMoreThanOneToken() throws Exception {
        String token = Tokens.signed(ec, Tokens.claims());

        Response response = filter(config())
                .handle(
                        Requests.get("/")
                                .header("authorization", "Bearer " + token)
                                .header("authorization", "Bearer " + token)
                                .build(),
                        next);

        assertInvalid(response, "More than one Authorization field was sent.");
    }

    @Test
    void refusesAnExpiredToken() throws Exception {
        String token = Tokens.signed(ec, Tokens.claims());
        Filter filter = filter(config());

        context.clock().advance(Duration.ofSeconds(329));
        Response within = send(filter, token);
        context.clock().advance(Duration.ofSeconds(1));
        Response beyond = send(filter, token);

        assertThat(within.status()).isEqualTo(200);
        assertInvalid(beyond, "The token has expired.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "iat"})
    void refusesATokenOfTheFuture(String claim) throws Exception {
        Response within = send(config(), Tokens.signed(ec, Tokens.with(claim, Tokens.NOW + 30)));
        Response beyond = send(config(), Tokens.signed(ec, Tokens.with(claim, Tokens.NOW + 31)));
        Response notATime = send(config(), Tokens.signed(ec, Tokens.with(claim, "now")));

        assertThat(within.status()).isEqualTo(200);
        assertInvalid(beyond, "The token is not valid yet.");
        assertInvalid(notATime, "The token is not valid yet.");
    }

    @Test
    void refusesAnotherAudience() throws Exception {
        Response other = send(config().audience("bank"), Tokens.signed(ec, Tokens.claims()));
        Response none = send(config(), Tokens.signed(ec, Tokens.with("aud", null)));

        assertInvalid(other, "The token is meant for another audience.");
        assertInvalid(none, "The token is meant for another audience.");
    }

    @Test
    void acceptsOneOfSeveralAudiencesAlsoAsAText() throws Exception {
        Response text = send(config().audience("bank", "shop"), Tokens.signed(ec, Tokens.with("aud", "shop")));

        assertThat(text.status()).isEqualTo(200);
    }

    @Test
    void warnsWhereNoAudienceIsSet() throws Exception {
        Response response = send(config().audienceOfAny(), Tokens.signed(ec, Tokens.with("aud", null)));

        assertThat(response.status()).isEqualTo(200);
        assertThat(context.log()).anyMatch(line -> line.startsWith("WARNING") && line.contains("no audience is set"));
    }

    @Test
    void refusesAnAlgorithmThatIsNotConfigured() throws Exception {
        Response response = send(config().algorithms("RS256"), Tokens.signed(ec, Tokens.claims()));

        assertInvalid(response, "The token is signed by an algorithm that is not accepted.");
    }

    @Test
    void looksAtTheTypeOfTheToken() throws Exception {
        assertThat(status(new JOSEObjectType("at+jwt"))).isEqualTo(200);
        assertThat(status(new JOSEObjectType("application/at+JWT"))).isEqualTo(200);
        assertThat(status(null)).isEqualTo(200);
        assertThat(status(new JOSEObjectType("logout+jwt"))).isEqualTo(401);
        assertThat(status(new JOSEObjectType("dpop+jwt"))).isEqualTo(401);
    }

    @Test
    void answers403WithoutTheScopes() throws Exception {
        Response response = send(config().scopes("orders:read", "orders:delete"), Tokens.signed(ec, Tokens.claims()));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"orders:read orders:delete\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-insufficient");
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "scope"), Map.entry("consumer", "alice"));
        assertThat(exchange.consumer()).isNull();
        assertThat(next.calls()).isZero();
    }

    @Test
    void findsScopesInTheFormsThatProvidersUse() throws Exception {
        assertThat(send(config().scopes("orders:write"), Tokens.signed(ec, Tokens.claims()))
                        .status())
                .isEqualTo(200);
        for (Object scp : List.of("a b", List.of("a", "b"))) {
            assertThat(send(config().scopes("b"), Tokens.signed(ec, Tokens.with("scp", scp)))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void answers403WithoutARequiredClaim() throws Exception {
        Claims rules = new Claims(Map.of("realm_access.roles", List.of("admin", "clerk")), Map.of());

        Response clerk = send(
                config().claims(rules),
                Tokens.signed(ec, Tokens.with("realm_access", Map.of("roles", List.of("clerk", "user")))));
        Response user = send(
                config().claims(rules),
                Tokens.signed(ec, Tokens.with("realm_access", Map.of("roles", List.of("user")))));
        Response none = send(config().claims(rules), Tokens.signed(ec, Tokens.claims()));

        assertThat(clerk.status()).isEqualTo(200);
        assertThat(user.status()).isEqualTo(403);
        assertThat(none.status()).isEqualTo(403);
        assertThat(none.header("www-authenticate")).isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\"");
        assertThat(none.body().text(1_000)).contains("urn:sallyport:problem:token-insufficient");
        assertThat(exchange.notes()).containsEntry("refused", "claim realm_access.roles");
    }

    @Test
    void tellsTheUpstreamClaims() throws Exception {
        Claims rules = new Claims(
                Map.of(),
                Map.of("x-user", "sub", "x-groups", "groups", "x-tier", "https://example.com/tier", "x-none", "none"));
        Map<String, Object> claims = Tokens.with("groups", List.of("a", "b"));
        claims.put("https://example.com/tier", 3);

        filter(config().claims(rules))
                .handle(
                        Requests.get("/")
                                .header("authorization", "Bearer " + Tokens.signed(ec, claims))
                                .header("x-user", "forged")
                                .header("X-None", "forged")
                                .build(),
                        next);

        assertThat(context.ownedHeaders()).containsExactly("x-groups", "x-none", "x-tier", "x-user");
        assertThat(next.request().headers().all("x-user")).containsExactly("alice");
        assertThat(next.request().header("x-groups")).isEqualTo("a, b");
        assertThat(next.request().header("x-tier")).isEqualTo("3");
        assertThat(next.request().headers().has("x-none")).isFalse();
    }

    @Test
    void leavesOutAHeaderThatWouldSaySomethingElse() throws Exception {
        Claims rules = new Claims(Map.of(), Map.of("x-name", "name", "x-groups", "groups"));
        Map<String, Object> claims = Tokens.with("groups", List.of("a", "b,admin"));
        claims.put("name", "Eve\r\nx-admin: yes");

        Response response = send(config().claims(rules), Tokens.signed(ec, claims));

        assertThat(response.status()).isEqualTo(200);
        assertThat(next.request().headers().names()).containsExactly("authorization", "host");
    }

    @Test
    void takesTheTokenOutWhereAsked() throws Exception {
        send(config().forward(false), Tokens.signed(ec, Tokens.claims()));

        assertThat(next.request().headers().has("authorization")).isFalse();
    }

    @Test
    void namesTheCallerByAnotherClaim() throws Exception {
        Response named = send(config().consumer("azp"), Tokens.signed(ec, Tokens.with("azp", "mobile-app")));
        Consumer consumer = exchange.consumer();
        Response unnamed = send(config().consumer("azp"), Tokens.signed(ec, Tokens.claims()));

        assertThat(named.status()).isEqualTo(200);
        assertThat(consumer).isEqualTo(new Consumer("mobile-app"));
        assertInvalid(unnamed, "The token does not name its caller.");
    }

    @Test
    void neverShowsATokenInLogsOrNotes() throws Exception {
        String token = Tokens.signed(ec, Tokens.claims());
        send(config(), token);
        send(config(), token + "x");

        assertThat(exchange.notes().toString() + context.log()).doesNotContain(token.split("\\.")[1]);
    }

    @Test
    void answers503WhereThereAreNoKeysYet() throws Exception {
        provider.put(Provider.KEYS, "not json");

        Response response = send(config(), Tokens.signed(ec, Tokens.claims()));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("10");
        assertThat(response.headers().has("www-authenticate")).isFalse();
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-keys-unavailable");
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "keys unavailable"));
        assertThat(context.log()).anyMatch(line -> line.contains("the keys cannot be fetched"));
    }

    @Test
    void countsWhatItRefusesAndShowsHowOldTheKeysAre() throws Exception {
        Filter filter = filter(config().scopes("orders:delete"));
        send(filter, Tokens.signed(ec, Tokens.claims()));
        send(filter, "x");
        send(filter, "y");
        filter.explain(Requests.get("/").build());
        context.clock().advance(Duration.ofSeconds(5));

        assertThat(context.metrics())
                .satisfiesExactlyInAnyOrder(
                        metric -> OpenTelemetryAssertions.assertThat(metric)
                                .hasName("sallyport.jwt_auth.refused")
                                .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(
                                        point -> point.hasValue(1).hasAttribute(stringKey("reason"), "insufficient"),
                                        point -> point.hasValue(2).hasAttribute(stringKey("reason"), "invalid"))),
                        metric -> OpenTelemetryAssertions.assertThat(metric)
                                .hasName("sallyport.jwt_auth.keys_age")
                                .hasLongGaugeSatisfying(gauge -> gauge.hasPointsSatisfying(
                                        point -> point.hasValue(5).hasAttribute(stringKey("issuer"), Tokens.ISSUER))));
    }

    @Test
    void refusesATokenThatIsBoundToACertificateThatWasNotShown() throws Exception {
        Map<String, Object> bound = Map.of("x5t#S256", "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2");

        Response response = send(config(), Tokens.signed(ec, Tokens.with("cnf", bound)));

        assertInvalid(response, "The token is bound to a certificate that the client has not shown.");
        assertThat(next.calls()).isZero();
    }

    @Test
    void takesOnlyTypesThatAreAsked() throws Exception {
        JWSHeader access = Tokens.header(ec).type(new JOSEObjectType("at+jwt")).build();

        Response other = send(config().types("AT+JWT"), Tokens.signed(ec, Tokens.claims()));
        Response asked = send(config().types("AT+JWT"), Tokens.signed(ec, access, Tokens.claims()));

        assertInvalid(other, "The token is not of a type for access.");
        assertThat(asked.status()).isEqualTo(200);
    }

    private int status(@Nullable JOSEObjectType type) throws Exception {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(type)
                .keyID("ec-1")
                .build();
        return send(config(), Tokens.signed(ec, header, Tokens.claims())).status();
    }

    private Configs config() {
        return Configs.of(Tokens.ISSUER, new Jwks(provider.url(Provider.KEYS), null));
    }

    private Filter filter(Configs config) {
        return context.create(new JwtAuthFactory(), config.build());
    }

    private Response send(Configs config, String token) throws Exception {
        return send(filter(config), token);
    }

    private Response send(Filter filter, String token) throws Exception {
        return filter.handle(
                Requests.get("/")
                        .header("authorization", "Bearer " + token)
                        .exchange(exchange)
                        .build(),
                next);
    }

    private static void assertInvalid(Response response, String why) throws Exception {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"invalid_token\", error_description=\"" + why + "\"");
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:token-invalid")
                .contains(why);
    }

    private static void assertOnlyJdkTypes(@Nullable Object value) {
        if (value != null) {
            assertThat(value.getClass().getClassLoader())
                    .as(value.getClass().getName())
                    .isNull();
        }
        switch (value) {
            case Map<?, ?> map -> map.values().forEach(JwtAuthFilterTest::assertOnlyJdkTypes);
            case List<?> list -> list.forEach(JwtAuthFilterTest::assertOnlyJdkTypes);
            case null, default -> {}
        }
    }
}
