package dev.sallyport.distribution;

import dev.sallyport.testgateway.PluginPageTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of the plugins that ship keep what {@link PluginPageTest} says. */
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
        PluginPageTest.assertTablesOf(plugin);
    }
}
