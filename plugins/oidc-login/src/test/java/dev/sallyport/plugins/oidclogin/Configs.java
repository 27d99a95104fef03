package dev.sallyport.plugins.oidclogin;

import dev.sallyport.api.config.Secret;
import dev.sallyport.oauth.Claims;
import dev.sallyport.oauth.ClientAuth;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings for tests, with all defaults but those that are changed. */
final class Configs {

    /** Two keys, told apart by their bytes. */
    static final String KEY = key(1);

    static final String OTHER_KEY = key(2);

    private final String issuer;
    private String clientId = TestProvider.CLIENT;
    private @Nullable Secret clientSecret = Secret.parse(TestProvider.SECRET);
    private ClientAuth clientAuth = ClientAuth.BASIC;
    private List<Secret> keys = List.of(Secret.parse(KEY));
    private List<String> scopes = List.of("openid", "profile", "email");
    private Map<String, String> parameters = Map.of();
    private boolean par = true;
    private String afterLogout = "/";
    private @Nullable URI origin;
    private @Nullable SessionCookie cookie;
    private Keep sessions = Keep.COOKIE;
    private String store = "memory";
    private Duration idle = Duration.ofHours(1);
    private Duration lifetime = Duration.ofHours(12);
    private @Nullable Claims claims;
    private String consumer = "sub";
    private boolean forward;
    private Duration timeout = Duration.ofSeconds(5);

    private Configs(String issuer) {
        this.issuer = issuer;
    }

    static Configs of(String issuer) {
        return new Configs(issuer);
    }

    private static String key(int fill) {
        byte[] bytes = new byte[32];
        java.util.Arrays.fill(bytes, (byte) fill);
        return Base64.getEncoder().encodeToString(bytes);
    }

    Configs clientId(String id) {
        clientId = id;
        return this;
    }

    Configs publicClient() {
        clientSecret = null;
        return this;
    }

    Configs clientSecret(String secret) {
        clientSecret = Secret.parse(secret);
        return this;
    }

    Configs clientAuth(ClientAuth way) {
        clientAuth = way;
        return this;
    }

    Configs keys(String... newKeys) {
        keys = Stream.of(newKeys).map(Secret::parse).toList();
        return this;
    }

    Configs scopes(String... names) {
        scopes = List.of(names);
        return this;
    }

    Configs parameters(Map<String, String> more) {
        parameters = more;
        return this;
    }

    Configs par(boolean whether) {
        par = whether;
        return this;
    }

    Configs afterLogout(String path) {
        afterLogout = path;
        return this;
    }

    Configs origin(String url) {
        origin = URI.create(url);
        return this;
    }

    Configs cookie(SessionCookie newCookie) {
        cookie = newCookie;
        return this;
    }

    Configs keptIn(String newStore) {
        sessions = Keep.STORE;
        return store(newStore);
    }

    Configs store(String newStore) {
        store = newStore;
        return this;
    }

    Configs limits(Duration newIdle, Duration newLifetime) {
        idle = newIdle;
        lifetime = newLifetime;
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

    Configs forward() {
        forward = true;
        return this;
    }

    Configs timeout(Duration time) {
        timeout = time;
        return this;
    }

    OidcLoginConfig build() {
        return new OidcLoginConfig(
                issuer,
                clientId,
                clientSecret,
                clientAuth,
                keys,
                scopes,
                parameters,
                par,
                null,
                afterLogout,
                origin,
                cookie,
                sessions,
                store,
                idle,
                lifetime,
                claims,
                consumer,
                forward,
                Duration.ofSeconds(30),
                timeout);
    }
}
