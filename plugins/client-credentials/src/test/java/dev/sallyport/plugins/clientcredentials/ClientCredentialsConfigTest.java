package dev.sallyport.plugins.clientcredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientCredentialsConfigTest {

    private static final URI ENDPOINT = URI.create("https://id.example.com/token");

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : ClientCredentialsConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .containsOnly(
                        Map.entry("clientAuth", "client_secret_basic"),
                        Map.entry("refreshAhead", "30s"),
                        Map.entry("lifetime", "5m"),
                        Map.entry("timeout", "5s"));
    }

    @Test
    void needsEitherAnIssuerOrAnEndpoint() {
        assertRefused("issuer", () -> Configs.of(null).build());
        assertRefused(
                "endpoint", () -> Configs.at(ENDPOINT).issuer("https://a.b").build());
        assertThat(Configs.at(ENDPOINT).build().endpoint()).isEqualTo(ENDPOINT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id.example.com", "ftp://id.example.com", "https://a.b/?x", "a b"})
    void refusesAnIssuerThatNoEndpointCanBeFoundFrom(String issuer) {
        assertRefused("issuer", () -> Configs.of(issuer).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "ftp://id.example.com/token", "https:///token"})
    void refusesAnEndpointThatIsNoUrl(String url) {
        assertRefused("endpoint", () -> Configs.at(URI.create(url)).build());
    }

    @Test
    void refusesWhatCannotBeSent() {
        assertRefused("clientId", () -> Configs.at(ENDPOINT).clientId(" ").build());
        assertRefused("scopes", () -> Configs.at(ENDPOINT).scopes("a b").build());
        assertRefused(
                "parameters.grant_type",
                () -> Configs.at(ENDPOINT).parameters(Map.of("grant_type", "x")).build());
    }

    @Test
    void neverShowsTheSecret() {
        assertThat(Configs.at(ENDPOINT).build().toString()).doesNotContain("s3cret");
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(making::run)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
