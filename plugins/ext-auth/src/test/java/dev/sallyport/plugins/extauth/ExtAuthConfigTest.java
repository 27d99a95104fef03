package dev.sallyport.plugins.extauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExtAuthConfigTest {

    private static final URI URL = URI.create("https://auth.example.com/verify");

    @ParameterizedTest
    @ValueSource(strings = {"ftp://auth.example.com", "/verify", "https:///verify", "https://auth.example.com/#a"})
    void refusesWhatCannotBeAsked(String url) {
        assertThatThrownBy(() -> new Service.Http(URI.create(url), "GET"))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("url"))
                .hasMessage(url + " (expected: an http or https URL)");
    }

    @ParameterizedTest
    @CsvSource({
        "https://opa.example.com/v1/data, a, url",
        "https://opa.example.com, /a, path",
        "https://opa.example.com, a.b, path",
        "https://opa.example.com, ../b, path",
        "https://opa.example.com, '', path"
    })
    void refusesWhatIsNoRuleOfOpa(String url, String path, String key) {
        assertThatThrownBy(() -> new Service.Opa(URI.create(url), path, null))
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }

    @Test
    void aBodyNeedsAMethodThatHasOne() {
        assertThatThrownBy(() -> Configs.http(URL).body(1000).build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("1000B (expected: with ask.http.method POST or original; a GET has no body)");
        assertThatCode(() ->
                        Configs.of(new Service.Http(URL, "original")).body(1000).build())
                .doesNotThrowAnyException();
        assertThatCode(() -> Configs.opa(URI.create("http://127.0.0.1:8181"))
                        .body(1000)
                        .build())
                .doesNotThrowAnyException();
    }

    @Test
    void aDecisionOnABodyIsNotKept() {
        assertThatThrownBy(() -> Configs.of(new Service.Http(URL, "POST"))
                        .body(1000)
                        .cache(10, "path")
                        .build())
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("cache"));
    }

    @Test
    void onlyTheServiceMayGetAllHeaders() {
        assertThatThrownBy(() -> Configs.http(URL).toUpstream("*").build())
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("toUpstream"));
        assertThatThrownBy(() -> Configs.http(URL).send("x y").build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("'x y' (expected: the name of a header)");
    }
}
