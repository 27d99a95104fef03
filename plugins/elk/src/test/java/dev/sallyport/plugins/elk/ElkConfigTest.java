package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ElkConfigTest {

    private static ElasticsearchConfig elasticsearch(String url, String apiKey, String user, Tls tls, String stream) {
        return new ElasticsearchConfig(
                List.of(URI.create(url)),
                apiKey == null ? null : Secret.parse(apiKey),
                user,
                user == null ? null : Secret.parse("p"),
                tls,
                stream,
                true,
                null,
                false,
                Duration.ofSeconds(1));
    }

    private static LogstashConfig logstash(String url, String user, Tls tls) {
        return new LogstashConfig(
                URI.create(url), user, user == null ? null : Secret.parse("p"), tls, Duration.ofSeconds(1));
    }

    @Test
    void wantsOneDestination() {
        assertRefused("elasticsearch", () -> Configs.config(null, null, null));
        assertRefused(
                "logstash",
                () -> Configs.config(
                        elasticsearch("http://a:1", null, null, null, "x"), logstash("http://a:1", null, null), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http:///x", "http://u:secret@a", "http://a?x=y"})
    void refusesAddressesThatAreNoneAndShowsNoSecretInThem(String url) {
        assertThatThrownBy(() -> elasticsearch(url, null, null, null, "x"))
                .isInstanceOfSatisfying(ConfigException.class, e -> {
                    assertThat(e.key()).isEqualTo("url");
                    assertThat(e.reason()).doesNotContain("secret");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp://a:1", "tcp://a", "tcp://u:secret@a:1", "http://a:1/?token=secret"})
    void refusesInputsThatLogstashHasNot(String url) {
        assertThatThrownBy(() -> logstash(url, null, null)).isInstanceOfSatisfying(ConfigException.class, e -> {
            assertThat(e.key()).isEqualTo("url");
            assertThat(e.reason()).doesNotContain("secret");
        });
    }

    @Test
    void refusesWhatContradictsItself() {
        Tls tls = new Tls(Path.of("ca.pem"), null, null);
        assertRefused("user", () -> elasticsearch("https://a", "key", "u", null, "x"));
        assertRefused("tls", () -> elasticsearch("http://a", null, null, tls, "x"));
        assertRefused("dataStream", () -> elasticsearch("http://a", null, null, null, "Upper"));
        assertRefused("user", () -> logstash("tcp://a:1", "u", null));
        assertRefused("tls", () -> logstash("tcp://a:1", null, tls));
        assertRefused("key", () -> new Tls(null, Path.of("own.pem"), null));
        assertRefused("segment", () -> new ElkConfig.SpoolConfig(Size.parse("1MiB"), Size.parse("2MiB"), Sync.ALWAYS));
    }

    @Test
    void saysWhichFileCannotBeUsed() {
        Tls tls = new Tls(Path.of("none.pem"), null, null);
        assertRefused(
                "elasticsearch.tls.ca",
                () -> elasticsearch("https://a", null, null, tls, "x").open());
        assertRefused("logstash.tls.ca", () -> logstash("tls://a:1", null, tls).open());
    }

    @Test
    void stepsThatSayTheSameOfTheWayShareItWhateverElseTheySay() {
        ElkConfig one = Configs.toLogstash("http://a:1", true);
        ElkConfig other = Configs.toLogstash("http://a:1", false);
        assertThat(one.destination()).isEqualTo(other.destination());
        assertThat(one.destination())
                .isNotEqualTo(Configs.toLogstash("http://b:1", true).destination());
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }

    @Test
    void refusesNamesThatWouldBeTheSameInARecord() {
        assertRefused("labels", () -> named(List.of(), Map.of("a.b", "1", "a_b", "2")));
        assertRefused("headers", () -> named(List.of("X-Tenant", "x-tenant"), Map.of()));
    }

    private static ElkConfig named(List<String> headers, Map<String, String> labels) {
        ElkConfig like = Configs.toLogstash("http://a:1", false);
        return new ElkConfig(
                null,
                like.logstash(),
                like.queue(),
                null,
                1,
                like.batchSize(),
                like.retryFirst(),
                like.retryMost(),
                headers,
                List.of(),
                null,
                labels,
                "x",
                null,
                null);
    }
}
