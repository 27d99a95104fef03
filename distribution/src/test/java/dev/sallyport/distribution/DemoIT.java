package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The demo does what it says: its own lines are run as they stand. */
final class DemoIT {

    private static final Pattern FOLDER = Pattern.compile("cd (\\S*sallyport-demo-\\S+)");

    private static Closeable ports;

    @BeforeAll
    static void takePorts() throws IOException {
        ports = Ports.ofTheGuides();
    }

    @AfterAll
    static void givePorts() throws IOException {
        ports.close();
    }

    @Test
    void onceServesOneRequestAndEnds() {
        Command once = Command.sallyport(Path.of("."), "demo", "--once").succeeds();

        assertThat(once.out().toLowerCase(Locale.ROOT))
                .contains("< 200", "< x-served-by: sallyport", "< x-greeting: hello, ada", "< ratelimit");
    }

    @Test
    void theLinesItPrintsShowWhatTheySay() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(Product.UNPACKED.resolve("bin/sallyport").toString(), "demo");
        builder.environment().putAll(Product.environment());
        Process demo = builder.redirectErrorStream(true).start();
        try {
            Output output = Output.of(demo);
            output.await("ready in ");
            Matcher folder = FOLDER.matcher(output.toString());
            assertThat(folder.find()).isTrue();
            Path home = Path.of(folder.group(1));

            String said = run(home, output.lines());

            assertThat(said.toLowerCase(Locale.ROOT))
                    .containsSubsequence(
                            "http/1.1 401",
                            "www-authenticate",
                            "http/1.1 200",
                            "http/1.1 429",
                            "retry-after",
                            "x-greeting: good evening, ada",
                            "http/1.1 500",
                            "http/1.1 503",
                            "retry-after",
                            "http/1.1 200",
                            "x-last-word: headers",
                            "x-last-word: script",
                            "from version 1.0.0",
                            "from version 1.1.0");
            demo.destroy();
            assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.exitValue()).isZero();
            assertThat(home).doesNotExist();
        } finally {
            demo.destroyForcibly();
        }
    }

    /** Runs the indented lines as one shell script. */
    private static String run(Path home, List<String> lines) throws IOException {
        Command.installed("curl");
        Path script = Files.createTempFile("tour", ".sh");
        try {
            Files.write(
                    script,
                    lines.stream()
                            .dropWhile(line -> !line.startsWith("  cd "))
                            .takeWhile(line -> !line.startsWith("ready in "))
                            .filter(line -> line.startsWith("  "))
                            .map(String::strip)
                            .toList());
            return Command.in(home, Map.of(), "sh", script.toString())
                    .succeeds()
                    .out();
        } finally {
            Files.delete(script);
        }
    }
}
