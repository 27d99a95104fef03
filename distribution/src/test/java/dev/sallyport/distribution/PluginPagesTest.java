package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of keys on the plugins' pages are what their records say. Run with {@code -Dsallyport.rewrite=true} to write
 * them anew: between the lines {@code <!-- config -->} for a filter or a service, {@code <!-- credential -->} for a credential.
 */
final class PluginPagesTest {

    private static final Path PLUGINS = Path.of("..", "plugins");

    static List<Path> plugins() throws IOException {
        try (Stream<Path> folders = Files.list(PLUGINS)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void tablesAreWhatTheRecordsSay(Path plugin) throws IOException {
        Path page = plugin.resolve("README.md");
        String written = Files.readString(page);

        String generated = written;
        JsonNode extensions = JsonMapper.shared()
                .readTree(Files.readString(plugin.resolve("target/classes/META-INF/sallyport/extensions.json")))
                .path("extensions");
        for (JsonNode extension : extensions) {
            String point = extension.path("point").asString();
            boolean several = extensions
                            .valueStream()
                            .filter(other -> other.path("point").asString().equals(point))
                            .count()
                    > 1;
            String name = (point.equals("credential") ? "credential" : "config")
                    + (several ? " " + extension.path("type").asString() : "");
            generated = ConfigTable.put(generated, name, ConfigTable.of(extension.path("config")));
        }

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(page, generated);
        }
        assertThat(written).isEqualTo(generated);
    }
}
