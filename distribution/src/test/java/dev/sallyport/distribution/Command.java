package dev.sallyport.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assumptions;

/**
 * A command that has run.
 *
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
record Command(List<String> line, int status, String out, String err) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static Command run(String... line) {
        return in(Path.of("."), Map.of(), line);
    }

    /** The product's launcher, in that folder; it uses the Java that runs these tests. */
    static Command sallyport(Path folder, String... arguments) {
        return sallyport(folder, Map.of(), arguments);
    }

    /** The same, with further variables in its environment. */
    static Command sallyport(Path folder, Map<String, String> variables, String... arguments) {
        Map<String, String> environment = new HashMap<>(Product.environment());
        environment.putAll(variables);
        List<String> line = new ArrayList<>();
        line.add(Product.UNPACKED.resolve("bin/sallyport").toString());
        line.addAll(List.of(arguments));
        return in(folder, environment, line.toArray(String[]::new));
    }

    static Command in(Path folder, Map<String, String> environment, String... line) {
        return in(folder, environment, PATIENCE, line);
    }

    static Command in(Path folder, Map<String, String> environment, Duration patience, String... line) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile("out", null);
            err = Files.createTempFile("err", null);
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        List.of(line) + " still runs; it printed: " + Files.readString(out) + Files.readString(err));
            }
            return new Command(
                    List.of(line),
                    process.exitValue(),
                    new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
                    new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            delete(out);
            delete(err);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails where it did not end with 0. */
    Command succeeds() {
        return endsWith(0);
    }

    Command endsWith(int expected) {
        if (status != expected) {
            throw new AssertionError(this + " (expected: exit " + expected + ")");
        }
        return this;
    }

    /** Where a program is; skips the test, saying so, where it is not installed. */
    static String installed(String program) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        Assumptions.assumeThat(false)
                .as(program + " is not installed here: what this test shows with it is not shown")
                .isTrue();
        return program;
    }

    @Override
    public String toString() {
        return String.join(" ", line) + " ended with " + status + "\n" + out + err;
    }
}
