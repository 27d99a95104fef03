package dev.sallyport.plugins.jwtauth;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings for tests, with all defaults but those that are changed. */
record Configs(
        String issuer,
        List<String> audience,
        @Nullable Jwks jwks,
        List<String> algorithms,
        List<String> scopes,
        @Nullable Claims claims,
        String consumer,
        boolean forward) {

    static Configs of(String issuer, @Nullable Jwks jwks) {
        List<String> algorithms = Stream.of(
                        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
                        "Ed25519")
                .toList();
        return new Configs(issuer, List.of("shop"), jwks, algorithms, List.of(), null, "sub", true);
    }

    Configs audience(String... names) {
        return new Configs(issuer, List.of(names), jwks, algorithms, scopes, claims, consumer, forward);
    }

    Configs audienceOfAny() {
        return audience(new String[0]);
    }

    Configs algorithms(String... names) {
        return new Configs(issuer, audience, jwks, List.of(names), scopes, claims, consumer, forward);
    }

    Configs scopes(String... names) {
        return new Configs(issuer, audience, jwks, algorithms, List.of(names), claims, consumer, forward);
    }

    Configs claims(Claims rules) {
        return new Configs(issuer, audience, jwks, algorithms, scopes, rules, consumer, forward);
    }

    Configs consumer(String claim) {
        return new Configs(issuer, audience, jwks, algorithms, scopes, claims, claim, forward);
    }

    Configs forward(boolean whether) {
        return new Configs(issuer, audience, jwks, algorithms, scopes, claims, consumer, whether);
    }

    JwtAuthConfig build() {
        return new JwtAuthConfig(
                issuer,
                audience,
                jwks,
                algorithms.stream().map(SignatureAlgorithm::parse).toList(),
                scopes,
                claims,
                Duration.ofSeconds(30),
                consumer,
                forward,
                Duration.ofMinutes(10),
                Duration.ofDays(1));
    }
}
