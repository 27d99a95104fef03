package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonSchemaConfigTest {

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void hasTheseDefaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (RecordComponent component : JsonSchemaConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "of", "request",
                        "draft", "draft-2020-12",
                        "contentTypes", "[application/json, \"application/*+json\"]",
                        "otherTypes", "refuse",
                        "maxBody", "1MiB",
                        "maxDepth", "100",
                        "maxErrors", "20"));
    }

    @Test
    void wantsOneSchema() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> JsonSchemas.request("{}"))
                .withMessage("no schema (expected: file or schema)");
    }

    @Test
    void refusesWhatIsNoMediaType() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new JsonSchemaConfig(
                        null,
                        JsonSchemas.inline("{\"type\": \"object\"}"),
                        List.of(),
                        JsonSchemaConfig.Part.REQUEST,
                        Draft.DRAFT_7,
                        false,
                        List.of("json"),
                        JsonSchemaConfig.OtherTypes.PASS,
                        false,
                        new Size(1),
                        1,
                        1))
                .returns("contentTypes", ConfigException::key)
                .withMessage("'json' (expected: such as application/json)");
    }

    @Test
    void tellsTheLineOfWhatIsNoSchema() throws IOException {
        Path file = Files.writeString(folder.resolve("order.yaml"), """
            type: object
            properties:
              amount: {type: integr}
            """);

        assertRefused(file, file + ":3:18 is no schema: /properties/amount/type");
    }

    @Test
    void tellsTheLineOfWhatIsNoJson() throws IOException {
        Path file = Files.writeString(folder.resolve("order.json"), "{\n  \"type\": object}");

        assertRefused(file, file + ": not JSON, at line 2, column");
    }

    @Test
    void tellsTheLineOfWhatIsNoYaml() throws IOException {
        Path file = Files.writeString(folder.resolve("order.yaml"), "type: object\nrequired: [a\n");

        assertRefused(file, file + ":3:1 is not YAML: ");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path file = folder.resolve("order.json");

        assertRefused(file, file + " is not there (expected: a file)");
    }

    @Test
    void fetchesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("order.json"), "{\"$ref\": \"http://127.0.0.1:1/other.json\"}");

        assertRefused(file, "http://127.0.0.1:1/other.json");
    }

    @Test
    void readsNothingOfTheClassPath() throws IOException {
        Path file = Files.writeString(folder.resolve("order.json"), "{\"$ref\": \"classpath:/draft-07/schema\"}");

        assertRefused(file, "classpath:");
    }

    @Test
    void refusesAReferenceThatLeadsNowhere() throws IOException {
        Path file = Files.writeString(folder.resolve("order.json"), "{\"$ref\": \"#/$defs/none\"}");

        assertRefused(file, file.toString());
    }

    @Test
    void refusesAPatternThatIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("order.json"), "{\"pattern\": \"[a\"}");

        assertRefused(file, file + ":1:13: the pattern [a (expected: one of ECMA-262)");
    }

    @Test
    void findsFurtherSchemasByTheirId() throws IOException {
        Path other = Files.writeString(
                folder.resolve("item.json"), "{\"$id\": \"https://example.com/item.json\", \"type\": \"string\"}");
        JsonSchemaConfig config = new JsonSchemaConfig(
                null,
                JsonSchemas.inline("{\"items\": {\"$ref\": \"https://example.com/item.json\"}}"),
                List.of(other),
                JsonSchemaConfig.Part.REQUEST,
                Draft.DRAFT_2020_12,
                false,
                List.of("application/json"),
                JsonSchemaConfig.OtherTypes.REFUSE,
                false,
                new Size(100),
                10,
                10);

        assertThat(JsonSchemas.filter(context, config)).isNotNull();
    }

    private void assertRefused(Path file, String reason) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> JsonSchemas.filter(context, JsonSchemas.file(file)))
                .returns("file", ConfigException::key)
                .withMessageContaining(reason);
    }
}
