package dev.sallyport.plugins.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessLogConfigTest {

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "cookie", "Proxy-Authorization", "Set-Cookie"})
    void refusesToWriteHeadersThatCarrySecrets(String name) {
        assertRefused("headers", () -> config(AccessLogConfig.Format.JSON, List.of("x-tenant", name)));
    }

    @Test
    void refusesHeadersWhereTheFormatHasNoPlaceForThem() {
        assertRefused("headers", () -> config(AccessLogConfig.Format.COMBINED, List.of("x-tenant")));
    }

    @Test
    void refusesAFileThatCannotBeWritten() {
        try (FakeContext context = FakeContext.create()) {
            Destination folder = new Destination.File(context.dataFolder());
            assertRefused(
                    "to",
                    () -> context.create(
                            new AccessLogFactory(),
                            new AccessLogConfig(AccessLogConfig.Format.JSON, folder, List.of(), List.of())));
            assertThat(context.openLeases()).isZero();
        }
    }

    @Test
    void twoWaysOfWritingAFileAreOneDestination() {
        assertThat(new Destination.File(Path.of("logs/../a.log")).normal())
                .isEqualTo(new Destination.File(Path.of("./a.log")).normal());
    }

    private static AccessLogConfig config(AccessLogConfig.Format format, List<String> headers) {
        return new AccessLogConfig(format, new Destination.Stdout(), headers, List.of());
    }

    private static void assertRefused(String key, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOfSatisfying(
                        ConfigException.class, e -> assertThat(e.key()).isEqualTo(key));
    }
}
