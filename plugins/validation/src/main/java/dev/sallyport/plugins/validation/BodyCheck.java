package dev.sallyport.plugins.validation;

import com.networknt.schema.Schema;
import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Checks JSON texts by one schema. Immutable and thread-safe.
 *
 * @param most how many errors are told
 */
record BodyCheck(Schemas schemas, Schema schema, JsonReader reader, int most) {

    /** Larger bodies are checked on the pool for work that burns processor time. */
    static final int SMALL = 16 * 1024;

    /** What is wrong with a text; nothing where it matches. */
    List<Violation> check(byte[] bytes, Schemas.Direction direction) {
        JsonNode value;
        try {
            value = reader.read(bytes);
        } catch (MalformedJsonException e) {
            return List.of(Violation.of("", "json", String.valueOf(e.getMessage())));
        }
        return schemas.check(schema, value, direction, most);
    }
}
