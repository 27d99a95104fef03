package dev.sallyport.plugins.respond;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RespondConfigTest {

    @Test
    void refusesTwoBodies() {
        assertRefused("json", () -> new RespondConfig(200, Map.of(), "a", Map.of("a", 1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 205, 304})
    void refusesABodyWhereTheStatusHasNone(int status) {
        assertRefused("body", () -> new RespondConfig(status, Map.of(), "a", Map.of()));
        assertRefused("json", () -> new RespondConfig(status, Map.of(), null, Map.of("a", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection", "x y"})
    void refusesHeadersThatItCannotSet(String name) {
        assertRefused("headers." + name, () -> new RespondConfig(200, Map.of(name, "1"), null, Map.of()));
    }

    @Test
    void refusesALineBreakInAHeader() {
        assertRefused("headers.x-a", () -> new RespondConfig(200, Map.of("x-a", "1\r\nx-b: 2"), null, Map.of()));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }
}
