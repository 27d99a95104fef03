package dev.sallyport.plugins.jwtauth;

import dev.sallyport.oauth.Claims;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings for tests, with all defaults but those that are changed. Not for use by several threads. */
final class Configs {

    private final String issuer;
    private final @Nullable Jwks jwks;
    private List<String> audience = List.of("shop");
    private List<Issuer> also = List.of();
    private List<String> algorithms = List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");
    private List<String> types = List.of("JWT", "at+jwt");
    private List<String> scopes = List.of();
    private @Nullable Claims claims;
    private String consumer = "sub";
    private boolean forward = true;
    private Duration staleFor = Duration.ofDays(1);
    private int remember = 5_000;
    private @Nullable Dpop dpop;

    private Configs(String issuer, @Nullable Jwks jwks) {
        this.issuer = issuer;
        this.jwks = jwks;
    }

    static Configs of(String issuer, @Nullable Jwks jwks) {
        return new Configs(issuer, jwks);
    }

    Configs audience(String... names) {
        audience = List.of(names);
        return this;
    }

    Configs audienceOfAny() {
        return audience(new String[0]);
    }

    Configs also(Issuer... others) {
        also = List.of(others);
        return this;
    }

    Configs algorithms(String... names) {
        algorithms = List.of(names);
        return this;
    }

    Configs types(String... names) {
        types = List.of(names);
        return this;
    }

    Configs scopes(String... names) {
        scopes = List.of(names);
        return this;
    }

    Configs claims(Claims rules) {
        claims = rules;
        return this;
    }

    Configs consumer(String claim) {
        consumer = claim;
        return this;
    }

    Configs forward(boolean whether) {
        forward = whether;
        return this;
    }

    Configs staleFor(Duration age) {
        staleFor = age;
        return this;
    }

    Configs remember(int tokens) {
        remember = tokens;
        return this;
    }

    Configs dpop(Dpop settings) {
        dpop = settings;
        return this;
    }

    JwtAuthConfig build() {
        return new JwtAuthConfig(
                issuer,
                audience,
                jwks,
                also,
                algorithms.stream().map(SignatureAlgorithm::parse).toList(),
                types,
                scopes,
                claims,
                Duration.ofSeconds(30),
                consumer,
                forward,
                Duration.ofMinutes(10),
                staleFor,
                remember,
                dpop);
    }
}
