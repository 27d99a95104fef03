package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the check of a token costs beside the library's bare verification, by turns in one run. Prints; asserts no time.
 * The step's times have the test kit's exchange in them, which keeps what is left on it in maps.
 */
@Tag("proof")
final class JwtCostTest {

    private static final int TOKENS = 500;
    private static final int ROUNDS = 60;
    private static final long ROUND_NANOS = 100_000_000L;

    private static ECKey ec;
    private static RSAKey rsa;
    private static Provider provider;
    private static FakeContext context;

    @BeforeAll
    static void start() throws Exception {
        ec = Tokens.ecKey("ec");
        rsa = Tokens.rsaKey("rsa");
        provider = new Provider().with(ec, rsa);
        context = FakeContext.create();
    }

    @AfterAll
    static void stop() {
        context.close();
        provider.close();
    }

    private interface Work {
        void with(int token) throws Exception;
    }

    @Test
    void printsTheCostOfRsa() throws Exception {
        compare("RS256", rsa);
    }

    @Test
    void printsTheCostOfEllipticCurves() throws Exception {
        compare("ES256", ec);
    }

    private static void compare(String name, JWK key) throws Exception {
        List<String> tokens = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            String token = Tokens.signed(key, Tokens.with("jti", "token-" + i));
            tokens.add(token);
            requests.add(
                    Requests.get("/").header("authorization", "Bearer " + token).build());
        }
        JWSVerifier verifier = KeySet.verifier(key.toPublicJWK());
        Filter unremembered = filter(0);
        Filter remembered = filter(TOKENS * 2);
        Response answer = Response.of(200);
        Next next = request -> answer;

        Work bare = i -> {
            JWSObject jws = JWSObject.parse(tokens.get(i));
            if (!jws.verify(verifier) || jws.getPayload().toJSONObject() == null) {
                throw new AssertionError("not verified");
            }
        };
        Work checked = i -> same(unremembered.handle(requests.get(i), next), answer);
        Work known = i -> same(remembered.handle(requests.get(i), next), answer);
        double[][] nanos = new double[3][ROUNDS];
        for (int round = -10; round < ROUNDS; round++) {
            int place = Math.max(0, round);
            nanos[0][place] = nanosEach(bare);
            nanos[1][place] = nanosEach(checked);
            nanos[2][place] = nanosEach(known);
        }
        double library = best(nanos[0]);
        System.out.printf(
                "%s: library %.1f us, step %.1f us (%.2f of it), step with a known token %.2f us; token of %d"
                        + " characters%n",
                name,
                library / 1_000,
                best(nanos[1]) / 1_000,
                best(nanos[1]) / library,
                best(nanos[2]) / 1_000,
                tokens.getFirst().length());
    }

    private static void same(Response response, Response expected) {
        if (response != expected) {
            throw new AssertionError(response.toString());
        }
    }

    private static Filter filter(int remember) {
        return context.create(
                new JwtAuthFactory(),
                Configs.of(Tokens.ISSUER, new Jwks(provider.url(Provider.KEYS), null))
                        .remember(remember)
                        .build());
    }

    private static double nanosEach(Work work) throws Exception {
        long begun = System.nanoTime();
        long took = 0;
        int done = 0;
        while (took < ROUND_NANOS) {
            for (int i = 0; i < 100; i++) {
                work.with((done + i) % TOKENS);
            }
            done += 100;
            took = System.nanoTime() - begun;
        }
        return (double) took / done;
    }

    /** What it costs where nothing else has the processor. */
    private static double best(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }
}
