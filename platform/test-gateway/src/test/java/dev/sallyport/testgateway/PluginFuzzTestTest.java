package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fuzz test is green for a plugin that refuses by key, and red for each other way of refusing. */
final class PluginFuzzTestTest {

    @TempDir
    private static Path folder;

    private static Path clean;

    @BeforeAll
    static void build() throws IOException {
        clean = SamplePlugin.in(folder, """
            if (config.text().isBlank()) {
                throw new ConfigException("text", "nothing (expected: a text)");
            }
            """, "");
    }

    private static class Sample extends PluginFuzzTest {

        private final Path jar;

        Sample(Path jar) {
            this.jar = jar;
        }

        @Override
        protected Path jar() {
            return jar;
        }
    }

    @Nested
    final class OfACleanPlugin extends Sample {
        OfACleanPlugin() {
            super(clean);
        }
    }

    private static void assertRed(Path jar, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Sample(jar).servesOrSaysAtWhichKeyItCannot())
                .withMessageContaining("seed ")
                .withMessageContaining(message);
    }

    @Test
    void isRedWhereAnotherExceptionRefuses(@TempDir Path own) throws IOException {
        Path jar = SamplePlugin.in(own, "if (config.text().length() < 2) { config.text().charAt(2); }", "");

        assertRed(jar, "StringIndexOutOfBoundsException");
    }

    @Test
    void isRedWhereARefusalDoesNotSayWhatWasExpected(@TempDir Path own) throws IOException {
        Path jar = SamplePlugin.in(
                own, "if (config.text().length() < 2) { throw new ConfigException(\"text\", \"no good\"); }", "");

        assertRed(jar, "no good");
    }

    @Test
    void isRedWhereWhatWasMadeCannotBeClosed(@TempDir Path own) throws IOException {
        Path jar = SamplePlugin.in(
                own, "context.onClose(() -> { throw new IllegalStateException(\"no end today\"); });", "");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Sample(jar).servesOrSaysAtWhichKeyItCannot())
                .withMessageContaining("closing what sample/all/sample gave to onClose")
                .withMessageContaining("no end today");
    }

    @Test
    void isRedWhereNothingServes(@TempDir Path own) throws IOException {
        Path jar = SamplePlugin.in(own, """
            if (!config.text().equals("what no random text is")) {
                throw new ConfigException("text", "another (expected: the one)");
            }
            """, "");

        assertRed(jar, "none serve, so nothing was shown");
    }
}
