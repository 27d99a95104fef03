package dev.sallyport.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class MtlsAuthConfigTest {

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : MtlsAuthConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            defaults.put(component.getName(), value == null ? "" : value.value());
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "others", "refuse", "headers", "", "consumerHeader", "x-consumer-name", "anonymous", ""));
    }

    @Test
    void refusesHeadersThatAreNone() {
        assertRefused("x y");
        assertRefused("X-Consumer-Name");
    }

    private static void assertRefused(String header) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new MtlsAuthConfig(
                        MtlsAuthConfig.Others.REFUSE, Map.of(header, Fact.URI), "x-consumer-name", null))
                .returns("headers", ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
