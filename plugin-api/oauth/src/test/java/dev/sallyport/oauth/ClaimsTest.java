package dev.sallyport.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClaimsTest {

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "Host", "x user", "", "Content-Length"})
    void refusesAHeaderThatAClaimMustNotSet(String name) {
        assertRefused("headers." + name, () -> new Claims(Map.of(), Map.of(name, "sub")));
    }

    @Test
    void takesAValueOrAListOfThemForAClaim() {
        Claims claims = new Claims(Map.of("tenant", "acme", "level", 3, "groups", List.of("a", "b")), Map.of());

        assertThat(claims.accepted("tenant")).containsExactly("acme");
        assertThat(claims.accepted("level")).containsExactly("3");
        assertThat(claims.accepted("groups")).containsExactly("a", "b");
        assertRefused("require.a", () -> new Claims(Map.of("a", Map.of("b", "c")), Map.of()));
        assertRefused("require.a", () -> new Claims(Map.of("a", List.of()), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders read", "a\"b", "a\\b", "é"})
    void takesNoScopeThatIsNone(String scope) {
        assertRefused("scopes", () -> Scopes.checked(List.of("orders.read", scope)));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(making::run)
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
