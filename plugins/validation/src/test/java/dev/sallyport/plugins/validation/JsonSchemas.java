package dev.sallyport.plugins.validation;

import dev.sallyport.api.Filter;
import dev.sallyport.api.config.Size;
import dev.sallyport.testkit.FakeContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Settings of {@code json-schema} for tests: the defaults but for what a test says. */
final class JsonSchemas {

    private JsonSchemas() {}

    static JsonSchemaConfig request(String schema) {
        return of(null, inline(schema), JsonSchemaConfig.Part.REQUEST);
    }

    static JsonSchemaConfig response(String schema) {
        return of(null, inline(schema), JsonSchemaConfig.Part.RESPONSE);
    }

    static JsonSchemaConfig file(Path file) {
        return of(file, Map.of(), JsonSchemaConfig.Part.REQUEST);
    }

    private static JsonSchemaConfig of(Path file, Map<String, Object> schema, JsonSchemaConfig.Part part) {
        return new JsonSchemaConfig(
                file,
                schema,
                List.of(),
                part,
                Draft.DRAFT_2020_12,
                true,
                List.of("application/json", "application/*+json"),
                JsonSchemaConfig.OtherTypes.REFUSE,
                false,
                new Size(1 << 20),
                100,
                20);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> inline(String schema) {
        return JsonMapper.shared().readValue(schema, Map.class);
    }

    static Filter filter(FakeContext context, JsonSchemaConfig config) {
        return context.create(new JsonSchemaFactory(), config);
    }
}
