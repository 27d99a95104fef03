package dev.sallyport.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Secret;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RedisConfigTest {

    private static final RedisConfig.Tls TLS = new RedisConfig.Tls(null, null, null, true);

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : RedisConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .isEqualTo(Map.of("database", "0", "timeout", "100ms", "connections", "32", "prefix", "sallyport:"));
    }

    @Test
    void urlsAreOfRedisAndBare() {
        refused("url", List.of("http://127.0.0.1"), false, null, null, null, 0, null, "p");
        refused("url", List.of("redis://127.0.0.1/1"), false, null, null, null, 0, null, "p");
        refused("url[1]", List.of("redis://a", "b"), true, null, null, null, 0, null, "p");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> config(List.of("redis://user:s3cr3t@127.0.0.1"), false, null, null, null, 0, null, "p"))
                .withMessageNotContaining("s3cr3t");
    }

    @Test
    void severalServersAreAClusterOrSentinels() {
        refused("url", List.of("redis://a", "redis://b"), false, null, null, null, 0, null, "p");
        refused("sentinel", List.of("redis://a"), true, "main", null, null, 0, null, "p");
        refused("database", List.of("redis://a"), true, null, null, null, 1, null, "p");
        config(List.of("redis://a", "redis://b"), false, "main", null, null, 1, null, "p");
    }

    @Test
    void aUserHasAPassword() {
        refused("password", List.of("redis://a"), false, null, "me", null, 0, null, "p");
        refused("password", List.of("redis://a"), false, null, "me", "", 0, null, "p");
        config(List.of("redis://a"), false, null, null, "", 0, null, "p");
    }

    @Test
    void tlsBelongsToRediss() {
        refused("tls", List.of("redis://a"), false, null, null, null, 0, TLS, "p");
        config(List.of("rediss://a"), false, null, null, null, 0, TLS, "p");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new RedisConfig.Tls(null, Path.of("gateway.pem"), null, true))
                .returns("key", ConfigException::key);
    }

    @Test
    void thePrefixHasNoBraces() {
        refused("prefix", List.of("redis://a"), false, null, null, null, 0, null, "{p}");
    }

    private static void refused(
            String key,
            List<String> urls,
            boolean cluster,
            String sentinel,
            String user,
            String password,
            int database,
            RedisConfig.Tls tls,
            String prefix) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> config(urls, cluster, sentinel, user, password, database, tls, prefix))
                .returns(key, ConfigException::key);
    }

    @Test
    void refusesAPasswordOfSentinelsThatAreNone() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> sentinels(null, null, "secret"))
                .returns("sentinelPassword", ConfigException::key);
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> sentinels("main", "gateway", null))
                .returns("sentinelPassword", ConfigException::key);
    }

    private static RedisConfig sentinels(@Nullable String name, @Nullable String user, @Nullable String password) {
        return new RedisConfig(
                List.of(URI.create("redis://127.0.0.1:26379")),
                false,
                name,
                user,
                password == null ? null : Secret.parse(password),
                null,
                null,
                0,
                null,
                Duration.ofMillis(100),
                32,
                "test:");
    }

    private static RedisConfig config(
            List<String> urls,
            boolean cluster,
            String sentinel,
            String user,
            String password,
            int database,
            RedisConfig.Tls tls,
            String prefix) {
        return new RedisConfig(
                urls.stream().map(URI::create).toList(),
                cluster,
                sentinel,
                null,
                null,
                user,
                password == null ? null : Secret.parse(password),
                database,
                tls,
                Duration.ofMillis(100),
                32,
                prefix);
    }
}
