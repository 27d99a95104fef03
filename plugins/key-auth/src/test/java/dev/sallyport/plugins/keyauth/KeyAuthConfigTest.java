package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KeyAuthConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : KeyAuthConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "in", "[{header: x-api-key}]",
                        "forward", "",
                        "consumerHeader", "x-consumer-name",
                        "anonymous", ""));
    }

    @Test
    void refusesAHeaderWhoseNameIsNone() {
        assertRefused("in", new KeyLocation.Header("x api key"), "x-consumer-name");
        assertRefused("in", new KeyLocation.Header(""), "x-consumer-name");
        assertRefused("in", new KeyLocation.Query(" "), "x-consumer-name");
        assertRefused("in", new KeyLocation.Cookie(""), "x-consumer-name");
    }

    @Test
    void refusesAPlaceThatIsGivenTwice() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Keys.in(new KeyLocation.Header("x-key"), new KeyLocation.Header("X-Key")))
                .withMessage("header X-Key (expected: each place once)");
        assertThat(Keys.in(new KeyLocation.Query("key"), new KeyLocation.Query("Key"), new KeyLocation.Cookie("key"))
                        .in())
                .hasSize(3);
    }

    @Test
    void refusesTheHeaderOfTheKeyAsConsumerHeader() {
        assertRefused("consumerHeader", new KeyLocation.Header("x-api-key"), "X-API-Key");
    }

    private static void assertRefused(String key, KeyLocation in, String consumerHeader) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new KeyAuthConfig(List.of(in), false, consumerHeader, null))
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
