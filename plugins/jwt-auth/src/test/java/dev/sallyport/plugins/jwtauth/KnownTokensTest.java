package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import dev.sallyport.testkit.FakeContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A token that comes again is answered from memory for exactly as long as it would be without one. */
final class KnownTokensTest {

    private static ECKey key;
    private static ECKey other;

    private final FakeContext context = FakeContext.create();
    private volatile KeySet published;
    private Keys keys;
    private KnownTokens known;

    @BeforeAll
    static void makeKeys() throws JOSEException {
        key = Tokens.ecKey("k1");
        other = Tokens.ecKey("k2");
    }

    @BeforeEach
    void start() throws Exception {
        published = Tokens.keySet(key);
        keys = new Keys(
                () -> CompletableFuture.completedFuture(published),
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                context.clock(),
                context.logger(),
                "here");
        known = known(100);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void doesNotCheckAKnownTokenAgain() throws Exception {
        String token = Tokens.signed(key, Tokens.claims());

        Verdict first = known.verify(token);
        Verdict again = known.verify(token);

        assertThat(first).isInstanceOf(Verdict.Accepted.class);
        assertThat(again).isSameAs(first);
    }

    @Test
    void doesNotTakeOneTokenForAnother() throws Exception {
        String token = Tokens.signed(key, Tokens.claims());
        known.verify(token);

        Verdict changed = known.verify(token.substring(0, token.length() - 2) + "AA");

        assertThat(changed).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void refusesAKnownTokenOnceItHasExpired() throws Exception {
        String token = Tokens.signed(key, Tokens.claims());
        known.verify(token);

        context.clock().advance(Duration.ofSeconds(329));
        Verdict within = known.verify(token);
        context.clock().advance(Duration.ofSeconds(1));
        Verdict beyond = known.verify(token);

        assertThat(within).isInstanceOf(Verdict.Accepted.class);
        assertThat(beyond).isEqualTo(Times.EXPIRED);
        assertThat(known.size()).isZero();
    }

    @Test
    void refusesAKnownTokenWhereTheClockWasSetBackBeforeItsTime() throws Exception {
        String token = Tokens.signed(key, Tokens.with("nbf", Tokens.NOW));
        known.verify(token);

        context.clock().set(context.clock().instant().minusSeconds(31));

        assertThat(known.verify(token)).isEqualTo(Times.EARLY);
    }

    @Test
    void refusesAKnownTokenOnceItsKeyIsWithdrawn() throws Exception {
        String token = Tokens.signed(key, claims(Duration.ofDays(1)));
        known.verify(token);
        published = Tokens.keySet(other);

        Verdict before = known.verify(token);
        context.clock().advance(Duration.ofMinutes(10));
        keys.current();
        Verdict after = known.verify(token);

        assertThat(before).isInstanceOf(Verdict.Accepted.class);
        assertThat(after).isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void keepsAKnownTokenWhileItsKeyStaysAmongNewOnes() throws Exception {
        String token = Tokens.signed(key, claims(Duration.ofDays(1)));
        Verdict first = known.verify(token);
        published = Tokens.keySet(other, key);
        context.clock().advance(Duration.ofMinutes(10));
        keys.current();

        assertThat(known.verify(token)).isSameAs(first);
    }

    @Test
    void remembersNoMoreThanItMay() throws Exception {
        for (int i = 0; i < 300; i++) {
            known.verify(Tokens.signed(key, Tokens.with("jti", i)));
        }

        assertThat(known.size()).isLessThanOrEqualTo(100);
    }

    @Test
    void remembersNothingWhereItMayNot() throws Exception {
        KnownTokens none = known(0);
        String token = Tokens.signed(key, Tokens.claims());

        Verdict first = none.verify(token);

        assertThat(none.verify(token)).isNotSameAs(first).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void remembersNoTokenThatWasRefused() throws Exception {
        known.verify("x");
        known.verify(Tokens.signed(other, Tokens.claims()));

        assertThat(known.size()).isZero();
    }

    private KnownTokens known(int most) {
        JwtAuthConfig config = Configs.of(Tokens.ISSUER, null).remember(most).build();
        List<TrustedIssuer> issuers = List.of(new TrustedIssuer(config.issuers().getFirst(), keys));
        return new KnownTokens(new TokenVerifier(config, issuers, context.clock()), most);
    }

    private static Map<String, Object> claims(Duration life) {
        return Tokens.with("exp", Tokens.NOW + life.toSeconds());
    }
}
