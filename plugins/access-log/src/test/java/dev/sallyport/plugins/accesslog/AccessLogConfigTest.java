package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.accesslog.AccessLogConfig.Format;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessLogConfigTest {

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "cookie", "Proxy-Authorization", "Set-Cookie"})
    void refusesToWriteHeadersThatCarrySecrets(String name) {
        assertRefused("headers", () -> Configs.json("x-tenant", name));
    }

    @Test
    void refusesHeadersAndFieldsWhereTheFormatHasNoPlaceForThem() {
        assertRefused(
                "headers",
                () -> new AccessLogConfig(
                        new Format.Combined(),
                        new Destination.Stdout(),
                        null,
                        null,
                        List.of("x-tenant"),
                        Map.of(),
                        "sallyport",
                        List.of(),
                        Configs.QUEUE));
        assertRefused("fields", () -> Configs.fields(new Format.Combined(), "a", "method"));
        assertRefused("fields", () -> Configs.fields(new Format.Fields()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header.authorization",
                "header.Cookie",
                "cookie.sid",
                "response.header.set-cookie",
                "header.proxy-authorization.orValue('none')",
            })
    void refusesToWriteExpressionsThatReadSecrets(String expression) {
        assertThatThrownBy(() -> LineExpression.parse(expression)).hasMessageContaining("which carries secrets");
        assertThatThrownBy(() -> LineTemplate.parse("{" + expression + "}"))
                .hasMessageContaining("which carries secrets");
    }

    @Test
    void conditionsMayReadWhatIsNotWritten() {
        assertThat(LineCondition.parse("has(header.authorization)")).hasToString("has(header.authorization)");
    }

    @Test
    void refusesATemplateOfSeveralLinesAndOneWithoutAnyExpression() {
        assertThatThrownBy(() -> LineTemplate.parse("{method}\n{path}")).hasMessageContaining("expected: one line");
        assertThatThrownBy(() -> LineTemplate.parse("hello")).hasMessageContaining("each line would be the same");
    }

    @Test
    void refusesARotationThatNeverComes() {
        assertRefused("size", () -> new Rotation(null, null, 14, new Size(1 << 30), Rotation.Compress.GZIP));
        assertRefused("size", () -> new Rotation(new Size(1), null, 14, new Size(1 << 30), Rotation.Compress.GZIP));
    }

    @Test
    void refusesARotationThatKeepsLessThanOneFile() {
        assertRefused(
                "total", () -> new Rotation(new Size(2L << 30), null, 14, new Size(1 << 30), Rotation.Compress.NONE));
    }

    @Test
    void refusesFieldsThatWouldBeOneLabel() {
        assertRefused("fields", () -> Configs.fields(new Format.Ecs(), "a.b", "method", "a_b", "path"));
        assertThat(Configs.fields(new Format.Json(), "a.b", "method", "a_b", "path")
                        .fields())
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs", "logs:0", "logs:70000", ":601", "::1:601", "http://logs:601", "logs:601/"})
    void refusesAnAddressThatIsNone(String address) {
        assertThatThrownBy(() -> HostAndPort.parse(address)).hasMessageContaining("expected: host and port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logs:601", "127.0.0.1:601", "[::1]:601"})
    void readsAnAddress(String address) {
        assertThat(HostAndPort.parse(address)).hasToString(address);
    }

    @Test
    void refusesAFileThatCannotBeWritten() {
        try (FakeContext context = FakeContext.create()) {
            Destination folder = new Destination.File(context.dataFolder(), null);
            assertRefused("to", () -> context.create(new AccessLogFactory(), Configs.of(new Format.Json(), folder)));
            assertThat(context.openLeases()).isZero();
        }
    }

    @Test
    void twoWaysOfWritingAFileAreOneDestination() {
        assertThat(new Destination.File(Path.of("logs/../a.log"), null).normal())
                .isEqualTo(new Destination.File(Path.of("./a.log"), null).normal());
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }
}
