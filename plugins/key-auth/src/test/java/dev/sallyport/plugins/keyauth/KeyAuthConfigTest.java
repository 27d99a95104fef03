package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class KeyAuthConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : KeyAuthConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "false" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(
                        Map.of("in", "{header: x-api-key}", "forward", "false", "consumerHeader", "x-consumer-name"));
    }

    @Test
    void refusesAHeaderWhoseNameIsNone() {
        assertRefused("in", new KeyLocation.Header("x api key"), "x-consumer-name");
        assertRefused("in", new KeyLocation.Header(""), "x-consumer-name");
        assertRefused("in", new KeyLocation.Query(" "), "x-consumer-name");
        assertRefused("in", new KeyLocation.Cookie(""), "x-consumer-name");
    }

    @Test
    void refusesAConsumerHeaderWhoseNameIsNone() {
        assertRefused("consumerHeader", new KeyLocation.Query("key"), "");
        assertRefused("consumerHeader", new KeyLocation.Query("key"), "x consumer");
    }

    @Test
    void refusesTheHeaderOfTheKeyAsConsumerHeader() {
        assertRefused("consumerHeader", new KeyLocation.Header("x-api-key"), "X-API-Key");
    }

    @Test
    void tellsNoConsumerWhereTheHeaderIsNone() {
        assertThat(new KeyAuthConfig(new KeyLocation.Query("key"), false, "none").tellsConsumer())
                .isFalse();
    }

    private static void assertRefused(String key, KeyLocation in, String consumerHeader) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new KeyAuthConfig(in, false, consumerHeader))
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
