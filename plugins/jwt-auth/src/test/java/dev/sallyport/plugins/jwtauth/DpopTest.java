package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Secret;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs of possession, by the checks of RFC 9449 §4.3 and §7. */
final class DpopTest {

    private static final String URL = "https://gateway.test/orders/1";
    private static final String CHALLENGE = "DPoP realm=\"api\", algs=\"ES256 RS256\"";

    private static ECKey issuers;
    private static ECKey holders;
    private static String token;

    private final Provider provider = new Provider().with(issuers);
    private final FakeContext context = FakeContext.create();
    private final FakeNext next = FakeNext.ok();
    private final FakeExchange exchange = FakeExchange.builder().scheme("https").build();

    @BeforeAll
    static void makeKeys() throws JOSEException {
        issuers = Tokens.ecKey("issuers");
        holders = Tokens.ecKey("holders");
        token = Tokens.bound(issuers, holders);
    }

    @AfterEach
    void close() {
        context.close();
        provider.close();
    }

    @Test
    void acceptsATokenTogetherWithItsProof() throws Exception {
        Response response = send(filter(required()), exchange, token, proof());

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isNotNull();
        assertThat(next.request().header("dpop")).isNotNull();
    }

    @Test
    void passesNeitherTokenNorProofWhereTheyAreTakenOut() throws Exception {
        Filter filter = context.create(
                new JwtAuthFactory(), config(required()).forward(false).build());

        send(filter, token, proof());

        assertThat(next.request().headers().names()).containsExactly("host");
    }

    @Test
    void takesNoBearerTokenWhereProofsAreRequired() throws Exception {
        Response response = bearer(filter(required()), token);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers().all("www-authenticate")).containsExactly(CHALLENGE);
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-missing");
    }

    @Test
    void takesAFreeTokenWithoutAProofWhereThatIsAllowedButNoneThatIsBound() throws Exception {
        Filter filter = filter(optional());

        Response free = bearer(filter, Tokens.signed(issuers, Tokens.claims()));
        Response bound = bearer(filter, token);
        Response none = filter.handle(Requests.get("/").build(), next);

        assertThat(free.status()).isEqualTo(200);
        assertUnproven(bound, "The token must be sent as Authorization: DPoP, with a proof.");
        assertThat(none.headers().all("www-authenticate")).containsExactly("Bearer realm=\"api\"", CHALLENGE);
    }

    @Test
    void refusesATokenThatIsBoundToNoKey() throws Exception {
        String free = Tokens.signed(issuers, Tokens.claims());

        Response response = send(filter(required()), free, proof(claims -> {}));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate"))
                .isEqualTo(
                        CHALLENGE + ", error=\"invalid_token\", error_description=\"The token is bound to no key.\"");
    }

    @Test
    void refusesATokenThatIsNotValidWhateverTheProof() throws Exception {
        context.clock().advance(Duration.ofMinutes(10));

        Response response = send(filter(required()), token, proof());

        assertThat(response.header("www-authenticate")).startsWith(CHALLENGE + ", error=\"invalid_token\"");
    }

    @Test
    void needsExactlyOneProof() throws Exception {
        Filter filter = filter(required());

        assertUnproven(send(filter, token), "A proof is needed, in the field DPoP.");
        assertUnproven(send(filter, token, proof(), proof()), "More than one proof was sent.");
    }

    @Test
    void takesAProofOnce() throws Exception {
        Filter filter = filter(required());
        String proof = proof();

        Response first = send(filter, token, proof);
        Response again = send(filter, token, proof);
        Response other = send(filter, token, proof());

        assertThat(first.status()).isEqualTo(200);
        assertUnproven(again, "The proof was used before.");
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    void takesAProofAgainWhereAStepTriesTheSameRequestAgain() throws Exception {
        Filter filter = filter(required());
        String proof = proof();
        FakeExchange same = FakeExchange.builder().scheme("https").build();

        Response first = send(filter, same, token, proof);
        Response retried = send(filter, same, token, proof);

        assertThat(first.status()).isEqualTo(200);
        assertThat(retried.status()).isEqualTo(200);
    }

    @Test
    void explainsAllButTheProof() throws Exception {
        Filter filter = filter(optional());
        send(filter, token, proof());
        Request bearer =
                Requests.get("/").header("authorization", "Bearer " + token).build();
        Request dpop =
                Requests.get("/").header("authorization", "DPoP " + token).build();

        assertThat(filter.explain(bearer)).isInstanceOf(Explanation.Answers.class);
        assertThat(filter.explain(dpop))
                .isEqualTo(new Explanation.Passes(dpop, "if the proof that comes with it holds"));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void refusesAProofForSomethingElse(String claim, @Nullable Object value, String why) throws Exception {
        String proof = proof(claims -> {
            claims.remove(claim);
            if (value != null) {
                claims.put(claim, value);
            }
        });

        assertUnproven(send(filter(required()), token, proof), why);
        assertThat(next.calls()).isZero();
    }

    static List<Object[]> wrongClaims() {
        String id = "The proof has no identifier of its own.";
        String method = "The proof is for another method.";
        String url = "The proof is for another URL.";
        String time = "The proof was not made just now.";
        String of = "The proof is for another token.";
        return List.of(
                new Object[] {"jti", null, id},
                new Object[] {"jti", "", id},
                new Object[] {"jti", 1, id},
                new Object[] {"jti", "j".repeat(513), id},
                new Object[] {"htm", null, method},
                new Object[] {"htm", "POST", method},
                new Object[] {"htm", "get", method},
                new Object[] {"htm", List.of("GET"), method},
                new Object[] {"htu", null, url},
                new Object[] {"htu", "https://gateway.test/orders/2", url},
                new Object[] {"htu", "https://gateway.test/orders/1/", url},
                new Object[] {"htu", "http://gateway.test/orders/1", url},
                new Object[] {"htu", "https://gateway.test:8443/orders/1", url},
                new Object[] {"htu", "https://gateway.test.evil.example.com/orders/1", url},
                new Object[] {"htu", "https://a@gateway.test/orders/1", url},
                new Object[] {"htu", "/orders/1", url},
                new Object[] {"htu", "not a URL", url},
                new Object[] {"iat", null, time},
                new Object[] {"iat", "" + Tokens.NOW, time},
                new Object[] {"iat", Tokens.NOW - 91, time},
                new Object[] {"iat", Tokens.NOW + 31, time},
                new Object[] {"ath", null, of},
                new Object[] {"ath", "AAAA", of});
    }

    @ParameterizedTest
    @CsvSource({
        "https://gateway.test/orders/1?page=2#top, /orders/1?page=2",
        "HTTPS://Gateway.Test:443/orders/1, /orders/1",
        "https://gateway.test/order%73/1, /orders/1",
        "https://gateway.test/%c3%a9, /%C3%A9",
        "https://gateway.test, /"
    })
    void comparesUrlsByWhatTheyMean(String url, String target) throws Exception {
        String proof = proof(claims -> claims.put("htu", url));

        Response response = filter(required())
                .handle(
                        Requests.get(target)
                                .header("authorization", "dpop " + token)
                                .header("dpop", proof)
                                .exchange(exchange)
                                .build(),
                        next);

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void goesByTheHostThatTheClientAsked() throws Exception {
        String proof = proof(claims -> claims.put("htu", "https://api.example.com/orders/1"));

        Response response = filter(required())
                .handle(
                        Requests.get("/orders/1")
                                .header("authorization", "DPoP " + token)
                                .header("dpop", proof)
                                .header("x-forwarded-host", "api.example.com")
                                .exchange(exchange)
                                .build(),
                        next);

        assertThat(response.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {-90, 30})
    void takesAProofWithinItsTime(long age) throws Exception {
        String proof = proof(claims -> claims.put("iat", Tokens.NOW + age));

        assertThat(send(filter(required()), token, proof).status()).isEqualTo(200);
    }

    @Test
    void refusesTheProofOfAnotherKey() throws Exception {
        ECKey thief = Tokens.ecKey("thief");
        String proof = Tokens.signed(thief, Tokens.proofHeader(thief).build(), Tokens.proof("GET", URL, token));

        assertUnproven(send(filter(required()), token, proof), "The token is bound to another key.");
    }

    @Test
    void refusesAProofThatItsKeyHasNotSigned() throws Exception {
        ECKey thief = Tokens.ecKey("thief");
        String proof = Tokens.signed(thief, Tokens.proofHeader(holders).build(), Tokens.proof("GET", URL, token));

        assertUnproven(send(filter(required()), token, proof), "The signature of the proof is not valid.");
    }

    @Test
    void refusesAProofOfAnotherFormThanItsOwn() throws Exception {
        Filter filter = filter(required());
        Map<String, Object> claims = Tokens.proof("GET", URL, token);
        JWSHeader jwt = Tokens.proofHeader(holders).type(JOSEObjectType.JWT).build();
        JWSHeader keyless = Tokens.proofHeader(holders).jwk(null).build();
        JWSHeader extended = Tokens.proofHeader(holders)
                .criticalParams(Set.of("x"))
                .customParam("x", 1)
                .build();
        JWSObject mac = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .build(),
                new Payload(claims));
        mac.sign(new MACSigner(new byte[32]));

        assertUnproven(send(filter, token, "x"), "The proof is malformed.");
        assertUnproven(send(filter, token, proof() + "="), "The proof is malformed.");
        assertUnproven(send(filter, token, "e".repeat(9_000)), "The proof is malformed.");
        assertUnproven(
                send(filter, token, Tokens.signed(holders, jwt, claims)), "The proof is not of the type dpop+jwt.");
        assertUnproven(
                send(filter, token, Tokens.signed(holders, keyless, claims)), "The proof does not hold a public key.");
        assertUnproven(
                send(filter, token, Tokens.signed(holders, extended, claims)),
                "The proof needs an extension that is not known.");
        assertUnproven(
                send(filter, token, mac.serialize()), "The proof is signed by an algorithm that is not accepted.");
        assertThat(next.calls()).isZero();
    }

    @Test
    void refusesAProofThatBringsItsPrivateKey() throws Exception {
        String header = "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":" + holders.toJSONString() + "}";
        String proof = Tokens.written(
                holders,
                "SHA256withECDSAinP1363Format",
                header,
                new Payload(Tokens.proof("GET", URL, token)).toString());

        assertUnproven(send(filter(required()), token, proof), "The proof is malformed.");
    }

    @Test
    void takesKeysOfRsaThatAreStrongEnough() throws Exception {
        RSAKey key = Tokens.rsaKey("r");
        String bound = Tokens.bound(issuers, key);
        String proof = Tokens.signed(key, Tokens.proofHeader(key).build(), Tokens.proof("GET", URL, bound));

        assertThat(send(filter(required()), bound, proof).status()).isEqualTo(200);
    }

    @Test
    void asksForItsNonceWhereItHasAKeyForThem() throws Exception {
        Dpop settings = new Dpop(true, Duration.ofMinutes(1), 1_000, Secret.parse("k".repeat(32)));
        Filter filter = filter(settings);
        Filter another = filter(settings);

        Response asked = send(filter, token, proof());
        String nonce = asked.headers().get("dpop-nonce", "");
        String withNonce = proof(claims -> claims.put("nonce", nonce));
        Response given = send(another, token, withNonce);
        Response forged = send(filter, token, proof(claims -> claims.put("nonce", "x" + nonce)));

        assertThat(asked.status()).isEqualTo(401);
        assertThat(asked.header("www-authenticate")).startsWith(CHALLENGE + ", error=\"use_dpop_nonce\"");
        assertThat(asked.body().text(1_000)).contains("urn:sallyport:problem:token-proof-invalid");
        assertThat(given.status()).isEqualTo(200);
        assertThat(forged.header("dpop-nonce")).isEqualTo(nonce);
        context.clock().advance(Duration.ofMinutes(2));
        String later = proof(claims -> {
            claims.put("nonce", nonce);
            claims.put("iat", Tokens.NOW + 120);
        });
        assertThat(send(filter, token, later).header("www-authenticate")).contains("use_dpop_nonce");
    }

    @Test
    void forgetsTheOldestProofsBeyondItsBoundAndSaysSo() {
        Replays replays = new Replays(Duration.ofMinutes(1), 10, context.clock(), context.logger(), "here");

        for (int i = 0; i < 10; i++) {
            assertThat(replays.isFirst(Digest.of("" + i))).isTrue();
        }

        assertThat(replays.isFirst(Digest.of("9"))).isFalse();
        assertThat(replays.isFirst(Digest.of("0"))).isTrue();
        assertThat(context.log()).anyMatch(line -> line.startsWith("WARNING here: more than 10 proofs"));
    }

    @Test
    void remembersAProofForAsLongAsItCouldBeSentAgain() {
        Replays replays = new Replays(Duration.ofMinutes(1), 10, context.clock(), context.logger(), "here");
        replays.isFirst(Digest.of("a"));

        context.clock().advance(Duration.ofSeconds(60));
        boolean early = replays.isFirst(Digest.of("a"));
        context.clock().advance(Duration.ofSeconds(121));
        boolean late = replays.isFirst(Digest.of("a"));

        assertThat(early).isFalse();
        assertThat(late).isTrue();
        assertThat(context.log()).isEmpty();
    }

    private static Dpop required() {
        return new Dpop(true, Duration.ofMinutes(1), 1_000, null);
    }

    private static Dpop optional() {
        return new Dpop(false, Duration.ofMinutes(1), 1_000, null);
    }

    private Configs config(Dpop settings) {
        return Configs.of(Tokens.ISSUER, new Jwks(provider.url(Provider.KEYS), null))
                .algorithms("ES256", "RS256")
                .dpop(settings);
    }

    private Filter filter(Dpop settings) {
        return context.create(new JwtAuthFactory(), config(settings).build());
    }

    private static String proof() throws JOSEException {
        return proof(claims -> {});
    }

    private static String proof(Consumer<Map<String, Object>> change) throws JOSEException {
        Map<String, Object> claims = Tokens.proof("GET", URL, token);
        change.accept(claims);
        return Tokens.signed(holders, Tokens.proofHeader(holders).build(), claims);
    }

    private Response bearer(Filter filter, String text) throws Exception {
        return filter.handle(
                Requests.get("/orders/1")
                        .header("authorization", "Bearer " + text)
                        .build(),
                next);
    }

    private Response send(Filter filter, String text, String... proofs) throws Exception {
        return send(filter, FakeExchange.builder().scheme("https").build(), text, proofs);
    }

    private Response send(Filter filter, FakeExchange in, String text, String... proofs) throws Exception {
        Requests.Builder request = Requests.get("/orders/1")
                .header("authorization", "DPoP " + text)
                .exchange(in);
        for (String proof : proofs) {
            request.header("dpop", proof);
        }
        return filter.handle(request.build(), next);
    }

    private static void assertUnproven(Response response, String why) throws Exception {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate"))
                .isEqualTo(CHALLENGE + ", error=\"invalid_dpop_proof\", error_description=\"" + why + "\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:token-proof-invalid");
    }
}
