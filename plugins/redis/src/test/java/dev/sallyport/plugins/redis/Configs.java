package dev.sallyport.plugins.redis;

import dev.sallyport.api.config.Secret;
import dev.sallyport.testservers.RedisServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Settings for tests. */
final class Configs {

    /** Longer than the default: a busy machine is no outage. */
    static final Duration PATIENT = Duration.ofSeconds(5);

    private Configs() {}

    static RedisConfig of(RedisServer server) {
        return of(server, PATIENT);
    }

    static RedisConfig of(RedisServer server, Duration timeout) {
        return new RedisConfig(
                List.of(URI.create(server.url())), false, null, null, null, null, null, 0, null, timeout, 32, "test:");
    }

    static RedisConfig cluster(List<RedisServer> servers) {
        List<URI> urls =
                servers.stream().map(server -> URI.create(server.url())).toList();
        return new RedisConfig(urls, true, null, null, null, null, null, 0, null, PATIENT, 32, "test:");
    }

    static RedisConfig sentinel(RedisServer sentinel) {
        return sentinel(sentinel, "", "");
    }

    static RedisConfig sentinel(RedisServer sentinel, String password, String sentinelPassword) {
        return new RedisConfig(
                List.of(URI.create(sentinel.url())),
                false,
                "main",
                null,
                Secret.parse(sentinelPassword),
                null,
                Secret.parse(password),
                0,
                null,
                PATIENT,
                32,
                "test:");
    }

    static RedisConfig tls(RedisServer server, String user, String password, RedisConfig.Tls tls) {
        return new RedisConfig(
                List.of(URI.create("rediss://127.0.0.1:" + server.port())),
                false,
                null,
                null,
                null,
                user,
                Secret.parse(password),
                0,
                tls,
                PATIENT,
                32,
                "test:");
    }
}
