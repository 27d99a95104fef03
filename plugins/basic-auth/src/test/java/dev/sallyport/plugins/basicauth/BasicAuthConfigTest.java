package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class BasicAuthConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : BasicAuthConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "htpasswd", "",
                        "realm", "api",
                        "cacheFor", "1m",
                        "forward", "",
                        "consumerHeader", "x-consumer-name",
                        "anonymous", ""));
    }

    @Test
    void refusesARealmThatNoHeaderCanTell() {
        assertRefused("realm", "a \"b\"", "x-consumer-name");
        assertRefused("realm", "", "x-consumer-name");
        assertRefused("realm", "Bücher", "x-consumer-name");
    }

    @Test
    void refusesTheHeaderOfThePasswordAsConsumerHeader() {
        assertRefused("consumerHeader", "api", "Authorization");
    }

    private static void assertRefused(String key, String realm, String consumerHeader) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new BasicAuthConfig(null, realm, Duration.ZERO, false, consumerHeader, null))
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
