package dev.sallyport.plugins.clientcredentials;

import dev.sallyport.api.config.Secret;
import dev.sallyport.oauth.ClientAuth;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings for tests, with all defaults but those that are changed. */
final class Configs {

    private @Nullable String issuer;
    private @Nullable URI endpoint;
    private String clientId = "gateway";
    private ClientAuth clientAuth = ClientAuth.BASIC;
    private List<String> scopes = List.of();
    private @Nullable String audience;
    private Map<String, String> parameters = Map.of();
    private Duration refreshAhead = Duration.ofSeconds(30);
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

    Configs scopes(String... names) {
        scopes = List.of(names);
        return this;
    }

    Configs audience(String name) {
        audience = name;
        return this;
    }

    Configs parameters(Map<String, String> more) {
        parameters = more;
        return this;
    }

    Configs refreshAhead(Duration time) {
        refreshAhead = time;
        return this;
    }

    Configs timeout(Duration time) {
        timeout = time;
        return this;
    }

    ClientCredentialsConfig build() {
        return new ClientCredentialsConfig(
                issuer,
                endpoint,
                clientId,
                Secret.parse("s3cret"),
                clientAuth,
                scopes,
                audience,
                parameters,
                refreshAhead,
                Duration.ofMinutes(5),
                timeout);
    }
}
