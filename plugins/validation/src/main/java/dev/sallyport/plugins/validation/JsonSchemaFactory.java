package dev.sallyport.plugins.validation;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Json;
import dev.sallyport.api.Type;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.plugins.validation.Document.DocumentException;
import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Makes the step {@code json-schema}. */
@Type(value = "json-schema", replayable = true)
@Doc("Checks the body of a request, or of a response, by a JSON Schema.")
public final class JsonSchemaFactory implements FilterFactory<JsonSchemaConfig> {

    private static final String NAME = "urn:sallyport:schema";

    @Override
    public Filter create(JsonSchemaConfig config, FilterContext context) {
        try {
            return new JsonSchemaFilter(config, Watched.of(() -> make(config), context), context);
        } catch (DocumentException e) {
            throw new ConfigException(config.file() == null ? "schema" : "file", String.valueOf(e.getMessage()));
        }
    }

    /** Makes the check that the settings ask for. */
    static Watched.Made<BodyCheck> make(JsonSchemaConfig config) throws DocumentException {
        Set<Path> files = new LinkedHashSet<>();
        Map<String, String> others = new LinkedHashMap<>();
        for (Path file : config.with()) {
            files.add(file);
            add(Document.read(file), others);
        }
        Schemas schemas = new Schemas(Draft.dialects(config.draft()), config.formats(), true, others);
        Path file = config.file();
        Schema schema;
        if (file == null) {
            schema = compile(schemas, config.draft(), tree(config.schema()), pointer -> "schema" + pointer);
        } else {
            files.add(file);
            Document document = Document.read(file);
            schema = compile(schemas, config.draft(), document.root(), document::place);
        }
        return new Watched.Made<>(
                new BodyCheck(schemas, schema, new JsonReader(config.maxDepth()), config.maxErrors()), files);
    }

    private static void add(Document document, Map<String, String> others) throws DocumentException {
        JsonNode id = document.root().has("$id")
                ? document.root().path("$id")
                : document.root().path("id");
        if (!id.isString()) {
            throw new DocumentException(document.file() + " has no $id (expected: the URI that $ref finds it by)");
        }
        String uri = id.asString();
        others.put(
                uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri,
                document.root().toString());
    }

    private static JsonNode tree(Map<String, Object> map) throws DocumentException {
        try {
            return new JsonReader(500).read(Json.write(map));
        } catch (MalformedJsonException e) {
            throw new DocumentException("schema: " + e.getMessage());
        }
    }

    private static Schema compile(Schemas schemas, Draft draft, JsonNode root, UnaryOperator<String> place)
            throws DocumentException {
        try {
            List<Violation> wrong = schemas.checkSchema(draft.dialect().getId(), root);
            if (!wrong.isEmpty()) {
                Violation first = wrong.getFirst();
                throw new DocumentException(place.apply(first.pointer()) + " is no schema: " + first.pointer() + " "
                        + first.detail() + (wrong.size() > 1 ? ", and " + (wrong.size() - 1) + " more" : ""));
            }
            WrittenPattern bad = WrittenPattern.firstBad(root);
            if (bad != null) {
                throw new DocumentException(
                        place.apply(bad.pointer()) + ": the pattern " + bad.text() + " (expected: one of ECMA-262)");
            }
            return schemas.compile(NAME, root);
        } catch (SchemaException e) {
            throw new DocumentException(place.apply("") + ": " + reason(e) + " (expected: a schema that $ref finds"
                    + " in the document itself or in with)");
        } catch (StackOverflowError e) {
            throw new DocumentException(place.apply("") + ": it is nested too deep, or refers to itself without end");
        }
    }

    private static String reason(SchemaException e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : "nothing is at " + cause.getMessage();
    }
}
