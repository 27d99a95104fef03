package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of all keys is what the records say. Run with {@code -Dsallyport.rewrite=true} to write it anew. */
final class ConfigPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "config.md");

    @Test
    void tablesAreWhatTheRecordsSay() throws IOException {
        String written = Files.readString(PAGE);

        String generated = ConfigTable.put(written, "config", ConfigTable.of(schema("gateway")));
        generated = ConfigTable.put(generated, "step", ConfigTable.of(schema("step")));

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(written).isEqualTo(generated);
    }

    private static JsonNode schema(String name) throws IOException {
        try (InputStream in = ConfigTable.class.getResourceAsStream("/META-INF/sallyport/schema/" + name + ".json")) {
            assertThat(in).as(name).isNotNull();
            return JsonMapper.shared().readTree(in);
        }
    }
}
