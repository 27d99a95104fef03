package dev.sallyport.plugins.tokenintrospection;

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

final class TokenIntrospectionConfigTest {

    private static final URI ENDPOINT = URI.create("https://id.example.com/introspect");

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : TokenIntrospectionConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "-" : value.value());
        }

        assertThat(defaults)
                .hasSize(15)
                .containsEntry("issuer", "-")
                .containsEntry("endpoint", "-")
                .containsEntry("clientId", "-")
                .containsEntry("clientSecret", "-")
                .containsEntry("clientAuth", "client_secret_basic")
                .containsEntry("audience", "-")
                .containsEntry("scopes", "-")
                .containsEntry("claims", "-")
                .containsEntry("consumer", "sub")
                .containsEntry("forward", "true")
                .containsEntry("ttl", "1m")
                .containsEntry("negativeTtl", "10s")
                .containsEntry("staleFor", "0s")
                .containsEntry("maxEntries", "10000")
                .containsEntry("timeout", "5s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id.example.com", "ftp://id.example.com", "https://a.b/?x", "https://a.b/#x", "a b"})
    void refusesAnIssuerThatNoEndpointCanBeFoundFrom(String issuer) {
        assertRefused("issuer", () -> Configs.of(issuer).build());
    }

    @Test
    void needsAnIssuerOrAnEndpoint() {
        assertRefused("issuer", () -> Configs.of(null).build());
        assertThat(Configs.at(ENDPOINT).issuer("accounts").build().issuer()).isEqualTo("accounts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"introspect", "ftp://id.example.com/introspect", "https:///introspect"})
    void refusesAnEndpointThatIsNoUrl(String url) {
        assertRefused("endpoint", () -> Configs.at(URI.create(url)).build());
    }

    @Test
    void refusesAClientWithoutName() {
        assertRefused("clientId", () -> Configs.at(ENDPOINT).clientId(" ").build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders read", "a\"b", "a\\b", "é"})
    void refusesWhatIsNoScope(String scope) {
        assertRefused("scopes", () -> Configs.at(ENDPOINT).scopes(scope).build());
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
