package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The swap test is green for a plugin that serves from its first request on, and red for one that does not. */
final class PluginSwapTestTest {

    @TempDir
    private static Path folder;

    private static Path clean;

    @BeforeAll
    static void build() throws IOException {
        clean = SamplePlugin.in(folder, "", "");
    }

    private static class Sample extends PluginSwapTest {

        private final Path jar;

        Sample(Path jar) {
            this.jar = jar;
        }

        @Override
        protected Path jar() {
            return jar;
        }

        @Override
        protected String config(TestUpstream upstream) {
            return "routes: [{name: all, plugins: [{sample: {}}], upstream: \"" + upstream.address() + "\"}]";
        }
    }

    @Nested
    final class OfACleanPlugin extends Sample {
        OfACleanPlugin() {
            super(clean);
        }
    }

    @Test
    void isRedWhereANewVersionIsNotReady(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(
                own,
                "var asked = new java.util.concurrent.atomic.AtomicInteger();",
                "if (asked.incrementAndGet() == 1) { return Response.of(503); }");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Sample(jar).nobodyNoticesThatItIsReplaced(copies))
                .withMessageContaining("answered HTTP/1.1 503")
                .withMessageContaining("(expected: 200)");
    }
}
