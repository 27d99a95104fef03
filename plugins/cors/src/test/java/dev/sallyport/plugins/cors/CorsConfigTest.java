package dev.sallyport.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CorsConfigTest {

    @ParameterizedTest
    @ValueSource(strings = {"*", "null"})
    void refusesCredentialsForEverybody(String origin) {
        assertThatThrownBy(() -> Configs.of("https://a.example", origin)
                        .withCredentials()
                        .build())
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("origins"))
                .hasMessageContaining("with credentials: true (expected: the origins by name");
    }

    @Test
    void refusesToExposeAllWithCredentials() {
        assertThatThrownBy(() -> Configs.of("https://a.example")
                        .expose("*")
                        .withCredentials()
                        .build())
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo("expose"));
    }

    @Test
    void refusesMethodsInAnotherCase() {
        assertThatThrownBy(() -> Configs.of("*").methods("patch").build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("patch (expected: PATCH; case matters here)");
    }

    @Test
    void refusesWhatIsNoName() {
        assertThatThrownBy(() -> Configs.of("*").headers("x y").build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("'x y' (expected: the name of a header, or *)");
        assertThatThrownBy(() -> Configs.of("*").methods("*", "GET").build())
                .isInstanceOf(ConfigException.class)
                .hasMessage("* and others (expected: * alone, or names)");
    }
}
