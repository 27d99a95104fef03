package dev.sallyport.plugins.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadersConfigTest {

    private static final HeaderValue VALUE = HeaderValue.parse("1");

    @Test
    void refusesToDoNothing() {
        assertRefused("", "nothing to do", () -> new HeadersConfig(null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Keep-Alive",
                "TE",
                "Upgrade",
                "Trailer",
                "Expect"
            })
    void refusesWhatFramesAMessageOrConcernsOneConnection(String name) {
        assertRefused("set." + name, "the gateway writes this one itself", () -> request(setting(name)));
        assertRefused("remove", "the gateway writes", () -> request(removing(name)));
        assertRefused(
                "rename.x-a",
                "the gateway writes",
                () -> request(new Changes(null, List.of(), Map.of("x-a", name), Map.of(), Map.of(), Map.of())));
        assertRefused(
                "setIfAbsent." + name,
                "the gateway writes",
                () -> request(new Changes(null, List.of(), Map.of(), Map.of(), Map.of(name, VALUE), Map.of())));
        assertRefused(
                "add." + name,
                "the gateway writes",
                () -> request(new Changes(null, List.of(), Map.of(), Map.of(), Map.of(), Map.of(name, VALUE))));
    }

    @Test
    void namesTheStepThatSetsTheHost() {
        assertRefused("set.Host", "use the step rewrite with host", () -> request(setting("Host")));
    }

    @Test
    void refusesWhatIsNoName() {
        assertRefused("set.x y", "expected: a token", () -> request(setting("x y")));
        assertRefused("set.", "expected: a token", () -> request(setting("")));
    }

    @Test
    void allowsABeginningOfNames() {
        assertThatCode(() -> request(removing("x-*"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "x-*-y", "**"})
    void refusesOtherPatterns(String text) {
        assertThatThrownBy(() -> NamePattern.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{client.address", "client.address}", "{client.port}", "{}", "a\r\nx: y", "a\u0000b", "日"})
    void refusesValuesThatCannotBeRead(String text) {
        assertThatThrownBy(() -> HeaderValue.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesChangesThatChangeNothing() {
        assertRefused(
                "",
                "expected: remove, rename, set, setIfAbsent or add",
                () -> new Changes(ChangeCondition.parse("true"), List.of(), Map.of(), Map.of(), Map.of(), Map.of()));
    }

    @Test
    void refusesTheResponseWhereThereIsOnlyARequest() {
        Changes value = new Changes(
                null, List.of(), Map.of(), Map.of(), Map.of("x-a", HeaderValue.parse("{response.status}")), Map.of());
        Changes condition = new Changes(
                ChangeCondition.parse("response.status == 200"),
                List.of(),
                Map.of(),
                Map.of("x-a", VALUE),
                Map.of(),
                Map.of());

        assertRefused("request.setIfAbsent.x-a", "has no response yet", () -> request(value));
        assertRefused("request.if", "has no response yet", () -> request(condition));
        assertThatCode(() -> new HeadersConfig(null, value)).doesNotThrowAnyException();
        assertThatCode(() -> new HeadersConfig(null, condition)).doesNotThrowAnyException();
    }

    @Test
    void valuesAreEqualWhereTheirTextsAre() {
        assertThat(HeaderValue.parse("{host}"))
                .isEqualTo(HeaderValue.parse("{host}"))
                .hasToString("{host}");
        assertThat(request(setting("x-a"))).isEqualTo(request(setting("x-a")));
    }

    private static HeadersConfig request(Changes changes) {
        return new HeadersConfig(changes, null);
    }

    private static Changes setting(String name) {
        return new Changes(null, List.of(), Map.of(), Map.of(name, VALUE), Map.of(), Map.of());
    }

    private static Changes removing(String name) {
        return new Changes(null, List.of(NamePattern.parse(name)), Map.of(), Map.of(), Map.of(), Map.of());
    }

    private static void assertRefused(String key, String reason, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key))
                .hasMessageContaining(reason);
    }
}
