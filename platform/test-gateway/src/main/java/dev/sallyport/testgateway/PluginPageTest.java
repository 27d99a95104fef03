package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of keys in a plugin's {@code README.md} are what its records say, as a test class to inherit. With
 * {@code -Dsallyport.rewrite=true} it writes them anew: between the lines {@code <!-- config -->} and
 * {@code <!-- /config -->} for a filter or a service, {@code <!-- credential -->} for a credential; where a plugin has
 * several of one kind, with the type behind that word.
 *
 * {@snippet :
 * final class StampPageTest extends PluginPageTest {}
 * }
 */
public abstract class PluginPageTest {

    /** For classes that inherit the test. */
    protected PluginPageTest() {}

    /** The page is as its tables would be written now. */
    @Test
    final void tablesAreWhatTheRecordsSay() throws IOException {
        assertTablesOf(Path.of(""));
    }

    /** The same for the plugin whose module, compiled, is in that folder. */
    public static void assertTablesOf(Path module) throws IOException {
        Path page = module.resolve("README.md");
        String written = Files.readString(page);

        String generated = generated(written, module.resolve("target/classes/META-INF/sallyport/extensions.json"));

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page))
                .as(page + " (run this test with -Dsallyport.rewrite=true to write its tables anew)")
                .isEqualTo(generated);
    }

    private static String generated(String written, Path facts) throws IOException {
        String generated = written;
        JsonNode extensions =
                JsonMapper.shared().readTree(Files.readString(facts)).path("extensions");
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
        return generated;
    }
}
