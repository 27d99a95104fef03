package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenApiConfigTest {

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
        for (RecordComponent component : OpenApiConfig.class.getRecordComponents()) {
            Default value = component.getAnnotation(Default.class);
            if (value != null) {
                defaults.put(component.getName(), value.value());
            }
        }

        assertThat(defaults)
                .isEqualTo(Map.of(
                        "requests", "enforce",
                        "responses", "off",
                        "unknownPaths", "refuse",
                        "unknownMethods", "refuse",
                        "unknownParameters", "pass",
                        "formats", "true",
                        "maxBody", "1MiB",
                        "maxDepth", "100",
                        "maxErrors", "20"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "swagger: \"2.0\" | swagger: 2.0 (expected: 3.0 or 3.1)",
                "openapi: 3.2.0 | 3.2.0 (expected: 3.0 or 3.1)",
                "openapi: 3.0.0 | no paths (expected: an object of paths)",
                "openapi: 3.0.0\\npaths: {a: {}} | :2:12 /paths/a: a (expected: to start with /)",
                "openapi: 3.0.0\\n"
                        + "paths: {/a: {$ref: \"#/x\"}} | :2:13 /paths/~1a: $ref #/x (expected: something there)",
                "openapi: 3.0.0\\npaths: {/a: {$ref: \"https://a.example/b\"}} | nothing is fetched",
                "openapi: 3.0.0\\npaths: {/a: {$ref: \"../b.yaml\"}} | a file in the folder of the document or below",
                "openapi: 3.0.0\\npaths: {/a: {$ref: \"b.yaml\"}} | b.yaml is not there",
                "openapi: 3.0.0\\n"
                        + "paths: {/a: {get: {parameters: [{name: x}]}}} | :2:33 /paths/~1a/get/parameters/0: in: '',"
                        + " name: 'x'",
                "openapi: 3.0.0\\npaths: {/a: {get: {parameters: [{name: x, in: query, style: odd}]}}} | style: odd",
                "openapi: 3.0.0\\npaths: {}\\nx: {pattern: \"[\"} | :3:14: the pattern [ (expected: one of ECMA-262)",
                "openapi: 3.0.0\\n"
                        + "paths: {}\\n"
                        + "components: {schemas: {A: {allOf: {}}}} | :3:35 /components/schemas/A/allOf: is no list",
                "openapi: 3.0.0\\n"
                        + "paths: {/a: {$ref: \"#/x\"}}\\n"
                        + "x: {$ref: \"#/y\"}\\n"
                        + "y: {$ref: \"#/x\"} | leads in a circle"
            })
    void tellsTheLineOfWhatIsWrong(String text, String reason) throws IOException {
        Path document = Files.writeString(folder.resolve("api.yaml"), text.replace("\\n", "\n"));

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> OpenApis.filter(context, OpenApis.requests(document)))
                .returns("document", ConfigException::key)
                .withMessageContaining(reason)
                .withMessageStartingWith(folder.toString());
    }

    @Test
    void readsTheFilesThatReferencesName() throws Exception {
        Path document = Files.writeString(folder.resolve("api.yaml"), """
            openapi: 3.1.0
            paths:
              /a: {$ref: "paths/a.yaml"}
            components: {schemas: {Id: {type: integer}}}
            """);
        Files.createDirectories(folder.resolve("paths"));
        Files.writeString(folder.resolve("paths/a.yaml"), """
            post:
              parameters: [{$ref: "../more.json#/limit"}]
              requestBody: {content: {application/json: {schema: {$ref: "../more.json#/order"}}}}
            """);
        Files.writeString(
                folder.resolve("more.json"),
                "{\"limit\": {\"name\": \"limit\", \"in\": \"query\", \"schema\": {\"$ref\":"
                        + " \"api.yaml#/components/schemas/Id\"}}, \"order\": {\"properties\": {\"id\": {\"$ref\":"
                        + " \"api.yaml#/components/schemas/Id\"}, \"next\": {\"$ref\": \"#/order\"}}}}");
        var filter = OpenApis.filter(context, OpenApis.requests(document));

        assertThat(filter.handle(post("/a?limit=1", "{\"next\": {\"id\": 1}}"), FakeNext.ok())
                        .status())
                .isEqualTo(200);
        assertThat(filter.handle(post("/a?limit=x", "{}"), FakeNext.ok()).status())
                .isEqualTo(400);
        assertThat(filter.handle(post("/a", "{\"next\": {\"id\": \"x\"}}"), FakeNext.ok())
                        .status())
                .isEqualTo(400);
    }

    private static dev.sallyport.api.Request post(String target, String body) {
        return Requests.post(target, body)
                .header("content-type", "application/json")
                .build();
    }
}
