package dev.sallyport.plugins.tokenintrospection;

import dev.sallyport.api.config.Secret;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.ClientAuth;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings for tests, with all defaults but those that are changed. */
final class Configs {

    private @Nullable String issuer;
    private @Nullable URI endpoint;
    private String clientId = "gateway";
    private ClientAuth clientAuth = ClientAuth.BASIC;
    private List<String> audience = List.of();
    private List<String> scopes = List.of();
    private @Nullable Claims claims;
    private String consumer = "sub";
    private boolean forward = true;
    private Duration ttl = Duration.ofMinutes(1);
    private Duration negativeTtl = Duration.ofSeconds(10);
    private Duration staleFor = Duration.ZERO;
    private int maxEntries = 10_000;
    private Duration timeout = Duration.ofSeconds(5);

    static Configs at(URI endpoint) {
        Configs configs = new Configs();
        configs.endpoint = endpoint;
        return configs;
    }

    static Configs of(@Nullable String issuer) {
        Configs configs = new Configs();
        configs.issuer = issuer;
        return configs;
    }

    Configs issuer(String name) {
        issuer = name;
        return this;
    }

    Configs clientId(String id) {
        clientId = id;
        return this;
    }

    Configs clientAuth(ClientAuth way) {
        clientAuth = way;
        return this;
    }

    Configs audience(String... names) {
        audience = List.of(names);
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

    Configs ttl(Duration positive, Duration negative) {
        ttl = positive;
        negativeTtl = negative;
        return this;
    }

    Configs staleFor(Duration time) {
        staleFor = time;
        return this;
    }

    Configs maxEntries(int number) {
        maxEntries = number;
        return this;
    }

    Configs timeout(Duration time) {
        timeout = time;
        return this;
    }

    TokenIntrospectionConfig build() {
        return new TokenIntrospectionConfig(
                issuer,
                endpoint,
                clientId,
                Secret.parse("s3cret:/&ä"),
                clientAuth,
                audience,
                scopes,
                claims,
                consumer,
                forward,
                ttl,
                negativeTtl,
                staleFor,
                maxEntries,
                timeout);
    }
}
