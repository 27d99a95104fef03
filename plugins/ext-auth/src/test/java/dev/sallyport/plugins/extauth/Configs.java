package dev.sallyport.plugins.extauth;

import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Size;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings with the defaults of the keys that a test does not set. */
record Configs(
        Service ask,
        List<String> send,
        Size body,
        List<String> toUpstream,
        List<String> toClient,
        Duration timeout,
        WhenUnavailable whenUnavailable,
        @Nullable CacheConfig cache) {

    static final List<String> ANSWER =
            List.of("content-language", "content-type", "location", "set-cookie", "www-authenticate");

    static Configs http(URI url) {
        return of(new Service.Http(url, "GET"));
    }

    static Configs opa(URI url) {
        return of(new Service.Opa(url, "gateway/authz/allow", null));
    }

    static Configs of(Service service) {
        return new Configs(
                service,
                List.of("*"),
                new Size(0),
                List.of(),
                List.of(),
                Duration.ofSeconds(10),
                WhenUnavailable.CLOSED,
                null);
    }

    Configs send(String... names) {
        return new Configs(ask, Arrays.asList(names), body, toUpstream, toClient, timeout, whenUnavailable, cache);
    }

    Configs body(long bytes) {
        return new Configs(ask, send, new Size(bytes), toUpstream, toClient, timeout, whenUnavailable, cache);
    }

    Configs toUpstream(String... names) {
        return new Configs(ask, send, body, Arrays.asList(names), toClient, timeout, whenUnavailable, cache);
    }

    Configs toClient(String... names) {
        return new Configs(ask, send, body, toUpstream, Arrays.asList(names), timeout, whenUnavailable, cache);
    }

    Configs timeout(Duration newTimeout) {
        return new Configs(ask, send, body, toUpstream, toClient, newTimeout, whenUnavailable, cache);
    }

    Configs open() {
        return new Configs(ask, send, body, toUpstream, toClient, timeout, WhenUnavailable.OPEN, cache);
    }

    Configs cache(int entries, String... by) {
        return new Configs(
                ask,
                send,
                body,
                toUpstream,
                toClient,
                timeout,
                whenUnavailable,
                new CacheConfig(Arrays.stream(by).map(Expression::parse).toList(), Duration.ofSeconds(10), entries));
    }

    ExtAuthConfig build() {
        return new ExtAuthConfig(ask, send, body, toUpstream, toClient, ANSWER, timeout, whenUnavailable, cache);
    }
}
