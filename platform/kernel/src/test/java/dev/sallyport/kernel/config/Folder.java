package dev.sallyport.kernel.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An installation in a temporary folder, with {@code conf/gateway.yaml} as its main file. */
public final class Folder {

    final Path home;
    final Map<String, String> variables = new HashMap<>(Map.of("SECRET", "s3cr3t-value", "PORT", "9001"));
    final ConfigReader reader;

    public Folder(Path home) {
        this.home = home;
        this.reader = reader();
    }

    /** A reader as after a restart. */
    ConfigReader reader() {
        return new ConfigReader(home.resolve("conf/gateway.yaml"), home, variables::get);
    }

    public Folder write(String name, String text) {
        try {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Folder main(String text) {
        return write(
                "conf/gateway.yaml",
                text.contains("listeners:") ? text : text + "\nlisteners: [{name: web, address: '127.0.0.1:0'}]\n");
    }

    public Reading read() {
        return reader.read(new SamplePlugin(), ConfigReader.Options.STRICT);
    }

    /** Errors, warnings and findings of lint that reading has made on its way, in order. */
    public static List<String> texts(Reading reading) {
        return Stream.concat(reading.problems().stream(), reading.findings().stream())
                .sorted(Comparator.comparing((ConfigProblem problem) ->
                                problem.place().file().equals("gateway.yaml")
                                        ? ""
                                        : problem.place().file())
                        .thenComparingInt(problem -> problem.place().line())
                        .thenComparingInt(problem -> problem.place().column()))
                .map(Folder::text)
                .toList();
    }

    static String text(ConfigProblem problem) {
        String kind = problem.rule() != null
                ? "lint "
                : problem.severity() == ConfigProblem.Severity.WARNING ? "warning " : "";
        return kind + problem;
    }
}
