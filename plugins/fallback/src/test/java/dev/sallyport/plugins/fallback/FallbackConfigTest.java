package dev.sallyport.plugins.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.fallback.FallbackConfig.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FallbackConfigTest {

    private static final Answer ANSWER = new Answer(200, Map.of(), null, Map.of());

    @Test
    void refusesARuleThatDoesNothingOrTwoThings() {
        List<Statuses> all = List.of(Statuses.parse("5xx"));

        assertRefused("answer", () -> new Rule(all, Set.of(), Set.of(), null, null));
        assertRefused("upstream", () -> new Rule(all, Set.of(), Set.of(), ANSWER, "other"));
    }

    @ParameterizedTest
    @CsvSource({"404,404", "500-599,500-599", "5xx,500-599", "502-502,502"})
    void readsStatuses(String text, String shown) {
        assertThat(Statuses.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "200", "3xx", "399-400", "600", "504-502", "50", "5XX", "500-"})
    void refusesWhatAreNoStatusesOfErrors(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Statuses.parse(text))
                .withMessageContaining("(expected: ");
    }

    @Test
    void refusesARuleForNothing() {
        assertRefused("", () -> new Rule(List.of(), Set.of(), Set.of(), ANSWER, null));
    }

    @Test
    void refusesAnAnswerThatIsNone() {
        assertRefused("json", () -> new Answer(200, Map.of(), "a", Map.of("a", 1)));
        assertRefused("body", () -> new Answer(204, Map.of(), "a", Map.of()));
        assertRefused("headers.Connection", () -> new Answer(200, Map.of("Connection", "close"), null, Map.of()));
        assertRefused("headers.x y", () -> new Answer(200, Map.of("x y", "1"), null, Map.of()));
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(making::run).returns(key, ConfigException::key);
    }
}
