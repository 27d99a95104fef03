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
            return SamplePlugin.route(upstream);
        }
    }

    @Nested
    final class OfACleanPlugin extends Sample {
        OfACleanPlugin() {
            super(clean);
        }
    }

    private static final String COUNTER = "var asked = new java.util.concurrent.atomic.AtomicInteger();";

    private static void assertRed(Path jar, Path copies, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Sample(jar).nobodyNoticesThatItIsReplaced(copies))
                .withMessageContaining(message);
    }

    @Test
    void isRedWhereANewVersionIsNotReady(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(own, COUNTER, "if (asked.incrementAndGet() == 1) { return Response.of(503); }");

        assertRed(jar, copies, "answered HTTP/1.1 503 Service Unavailable (expected: 200)");
    }

    @Test
    void isRedWhereAReplacedVersionNeverGivesOneAnswer(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(own, COUNTER, "if (asked.incrementAndGet() == 60) { Thread.sleep(600_000); }");

        assertRed(jar, copies, "a connection got no answer within 20000 ms");
    }

    @Test
    void isRedWhereAConnectionIsClosed(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(own, COUNTER, """
            if (asked.incrementAndGet() == 60) {
                var half = new java.io.ByteArrayInputStream(new byte[200_000]);
                return Response.of(200).withBody(Body.of(half, 400_000));
            }
            """);

        assertRed(jar, copies, "a connection ended: ");
    }
}
