package dev.sallyport.plugins.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RewriteConfigTest {

    @Test
    void refusesToDoNothing() {
        assertRefused(
                "", () -> new RewriteConfig(null, null, null, null, Configs.NONE, null, null, null, null, Map.of()));
        assertRefused(
                "", () -> new RewriteConfig(null, null, null, null, Configs.NONE, null, null, 301, null, Map.of()));
    }

    @Test
    void refusesTwoRulesForThePath() {
        PathTemplate path = PathTemplate.parse("/a");
        assertRefused(
                "prefix",
                () -> new RewriteConfig(
                        path, new Prefix("/a", path), null, null, Configs.NONE, null, null, null, null, Map.of()));
        assertRefused(
                "regex",
                () -> new RewriteConfig(
                        path, null, PathRegex.parse("/a"), path, Configs.NONE, null, null, null, null, Map.of()));
    }

    @Test
    void refusesRegexAndToApart() {
        PathTemplate path = PathTemplate.parse("/a");
        assertRefused(
                "regex",
                () -> new RewriteConfig(
                        null, null, PathRegex.parse("/a"), null, Configs.NONE, null, null, null, null, Map.of()));
        assertRefused(
                "to", () -> new RewriteConfig(null, null, null, path, Configs.NONE, null, null, null, null, Map.of()));
    }

    @Test
    void refusesOtherStatusesThanThoseOfRedirects() {
        assertRefused("redirect", () -> Configs.redirect(200, Configs.path("/a"), null, null));
        assertRefused("redirect", () -> Configs.redirect(304, Configs.path("/a"), null, null));
    }

    @Test
    void refusesASchemeWithoutRedirect() {
        assertRefused(
                "scheme",
                () -> new RewriteConfig(
                        null, null, null, null, Configs.NONE, null, RewriteConfig.Scheme.HTTPS, null, null, Map.of()));
    }

    @Test
    void refusesGroupsThatTheRegexDoesNotHave() {
        assertRefused("to", () -> Configs.regex("/(.*)", "/$2"));
        assertRefused("path", () -> Configs.path("/$1"));
        assertRefused("prefix.to", () -> Configs.prefix("/a", "/$1"));
        assertRefused("query.set.q", () -> Configs.query(List.of(), Map.of("q", "$1"), Map.of()));
    }

    @Test
    void refusesAPrefixThatIsNoPath() {
        assertRefused("prefix.from", () -> Configs.prefix("api", "/"));
        assertRefused("prefix.from", () -> Configs.prefix("/a/../b", "/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "//a",
                "/a/../b",
                "/a/%2e%2E",
                "/a b",
                "/a?b=c",
                "/a#b",
                "/%zz",
                "/%00",
                "/a\\b",
                "/{",
                "/{}",
                "/}",
                "/ü"
            })
    void refusesTemplatesThatAreNoPath(String text) {
        assertThatThrownBy(() -> PathTemplate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a(?=b)", "(a)\\1", "["})
    void refusesRegexesThatAreNotRe2(String text) {
        assertThatThrownBy(() -> PathRegex.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "user@evil.com", "evil.com/", "evil.com#", "a:b", "http://a", "a\r\nb"})
    void refusesWhatIsNoHost(String text) {
        assertThatThrownBy(() -> HostTemplate.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void equalWhereWrittenTheSame() {
        assertThat(Configs.regex("/a(.*)", "/{id}$1")).isEqualTo(Configs.regex("/a(.*)", "/{id}$1"));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }
}
