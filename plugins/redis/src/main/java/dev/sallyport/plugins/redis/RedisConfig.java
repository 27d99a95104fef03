package dev.sallyport.plugins.redis;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Shorthand;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of the service {@code redis}. */
public record RedisConfig(
        @Doc("The server: redis://HOST:PORT, or rediss:// for TLS. Of a cluster, or of sentinels, some or all of them.")
        @Min(1)
        @Shorthand
        List<URI> url,

        @Doc("Whether the servers are a cluster.") boolean cluster,

        @Doc("The name of the master that the sentinels know; the URLs are the sentinels' then.") @Nullable
        String sentinel,

        @Doc("A user of the sentinels, where they have one of their own.") @Nullable
        String sentinelUser,

        @Doc("The password of the sentinels, which is not that of the servers; an empty one is none.") @Nullable
        Secret sentinelPassword,

        @Doc("A user of its access control list; without it, the default user.") @Nullable
        String user,

        @Doc("The password; an empty one is none.") @Nullable
        Secret password,

        @Doc("The number of the database; a cluster has 0 only.") @Default("0") @Min(0) @Max(1_000_000)
        int database,

        @Doc("How certificates are checked and shown, with rediss://; by default by what the Java runtime trusts.")
        @Nullable
        Tls tls,

        @Doc("How long a call may wait for an answer; then it fails, and no other one is made before the server"
                + " answers again.")
        @Default("100ms")
        @Min(1)
        @Max(10_000)
        Duration timeout,

        @Doc("The most connections to each server.") @Default("32") @Min(1) @Max(1_000)
        int connections,

        @Doc("What the names of all keys begin with; gateways with the same one share what they count.")
        @Default("sallyport:")
        String prefix) {

    /** What there is to say of TLS. */
    public record Tls(
            @Doc("The certificates of those who may sign the server's, PEM.") @Nullable
            Path ca,

            @Doc("The gateway's own certificate, with those between it and its root, PEM.") @Nullable
            Path certificate,

            @Doc("The key of that, PKCS #8 in PEM.") @Nullable
            Path key,

            @Doc("Whether the certificate must be of the name in the URL.") @Default("true")
            boolean verify) {

        /** Certificate and key go together. */
        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new ConfigException(
                        certificate == null ? "certificate" : "key",
                        "missing (expected: certificate and key together); add it");
            }
        }
    }

    /** Checks what one key says against the others. */
    public RedisConfig {
        for (int i = 0; i < url.size(); i++) {
            check(url.get(i), url.size() == 1 ? "url" : "url[" + i + "]");
        }
        if (cluster && sentinel != null) {
            throw new ConfigException(
                    "sentinel", sentinel + " (expected: a cluster or sentinels, not both); remove one");
        }
        if (url.size() > 1 && !cluster && sentinel == null) {
            throw new ConfigException(
                    "url",
                    url.size() + " servers (expected: one, or cluster or sentinel beside them); add one of these");
        }
        if (cluster && database != 0) {
            throw new ConfigException("database", database + " (expected: 0 in a cluster); remove it");
        }
        if (sentinel == null && (sentinelUser != null || sentinelPassword != null)) {
            throw new ConfigException(
                    sentinelUser != null ? "sentinelUser" : "sentinelPassword",
                    "without sentinel (expected: the name of the master beside it); add sentinel, or remove it");
        }
        if (sentinelUser != null
                && (sentinelPassword == null || sentinelPassword.value().isEmpty())) {
            throw new ConfigException(
                    "sentinelPassword", "missing (expected: the password of " + sentinelUser + "); add it");
        }
        if (user != null && (password == null || password.value().isEmpty())) {
            throw new ConfigException("password", "missing (expected: the password of " + user + "); add it");
        }
        if (tls != null && url.stream().noneMatch(RedisConfig::isTls)) {
            throw new ConfigException("tls", "beside redis:// (expected: rediss:// for TLS); change the URL");
        }
        if (prefix.contains("{") || prefix.contains("}")) {
            throw new ConfigException("prefix", prefix + " (expected: no braces, which place keys in a cluster)");
        }
    }

    private static void check(URI url, String key) {
        boolean redis = "redis".equals(url.getScheme()) || "rediss".equals(url.getScheme());
        boolean bare = url.getUserInfo() == null
                && (url.getPath() == null || url.getPath().isEmpty())
                && url.getQuery() == null;
        if (!redis || url.getHost() == null || !bare) {
            throw new ConfigException(
                    key,
                    (url.getUserInfo() == null ? url.toString() : url.getScheme() + "://…")
                            + " (expected: a URL such as redis://127.0.0.1:6379; user, password and database have keys"
                            + " of their own)");
        }
    }

    static boolean isTls(URI url) {
        return "rediss".equals(url.getScheme());
    }
}
