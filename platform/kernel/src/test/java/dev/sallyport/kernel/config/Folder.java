package dev.sallyport.kernel.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An installation in a temporary folder, with {@code conf/gateway.yaml} as its main file. */
final class Folder {

    final Path home;
    final Map<String, String> variables = new HashMap<>(Map.of("SECRET", "s3cr3t-value", "PORT", "9001"));
    final ConfigReader reader;

    Folder(Path home) {
        this.home = home;
        this.reader = reader();
    }

    /** A reader as after a restart. */
    ConfigReader reader() {
        return new ConfigReader(home.resolve("conf/gateway.yaml"), home, variables::get);
    }

    Folder write(String name, String text) {
        try {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Folder main(String text) {
        return write(
                "conf/gateway.yaml",
                text.contains("listeners:") ? text : text + "\nlisteners: [{name: web, address: '127.0.0.1:0'}]\n");
    }

    Reading read() {
        return reader.read(new SamplePlugin(), ConfigReader.Options.STRICT);
    }

    static List<String> texts(Reading reading) {
        return reading.problems().stream().map(Folder::text).toList();
    }

    static String text(ConfigProblem problem) {
        return (problem.severity() == ConfigProblem.Severity.WARNING ? "warning " : "") + problem;
    }
}
