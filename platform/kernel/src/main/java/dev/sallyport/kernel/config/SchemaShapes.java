package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Shapes of the JSON Schemas that the plugin API's annotation processor writes, so that settings are judged without
 * running the plugin's code. What a schema says in another way than the processor does is not judged.
 */
final class SchemaShapes {

    private static final Object JUDGED = new Object();

    private SchemaShapes() {}

    static Shape of(JsonNode schema) {
        if (schema.has("oneOf")) {
            return choice(schema.path("oneOf"));
        }
        if (schema.has("anyOf")) {
            return eitherForm(schema.path("anyOf").path(1));
        }
        return switch (schema.path("type").asString("")) {
            case "object" -> schema.has("properties") ? object(schema) : map(schema);
            case "array" -> list(schema, false);
            default -> bounded(scalar(schema), number(schema, "inimum"), number(schema, "aximum"));
        };
    }

    /** A short form, or this one: the full form says what the short one stands for. */
    private static Shape eitherForm(JsonNode full) {
        return switch (full.path("type").asString("")) {
            case "array" -> list(full, true);
            case "object" -> object(full);
            default -> new FreeShape();
        };
    }

    private static Shape scalar(JsonNode schema) {
        if (schema.has("enum")) {
            Map<String, Object> values = new LinkedHashMap<>();
            schema.path("enum").forEach(name -> values.put(name.asString(), JUDGED));
            return Scalars.oneOf(values);
        }
        String format = schema.path("format").asString("");
        return switch (schema.path("type").asString("")) {
            case "boolean" -> Scalars.bool();
            case "integer" -> format.equals("int32") ? Scalars.int32() : Scalars.int64();
            case "number" -> Scalars.number();
            case "string" -> {
                Shape named = Scalars.named(format);
                yield named == null ? Scalars.text() : named;
            }
            default -> new FreeShape();
        };
    }

    private static Shape list(JsonNode schema, boolean shorthand) {
        ListShape list = new ListShape(
                of(schema.path("items")), shorthand, schema.path("uniqueItems").asBoolean(false), 0, Long.MAX_VALUE);
        return bounded(list, amount(schema, "minItems"), amount(schema, "maxItems"));
    }

    private static Shape map(JsonNode schema) {
        MapShape map = new MapShape(of(schema.path("additionalProperties")), 0, Long.MAX_VALUE);
        return bounded(map, amount(schema, "minProperties"), amount(schema, "maxProperties"));
    }

    private static ObjectShape object(JsonNode schema) {
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        Set<String> oldNames = new HashSet<>();
        JsonNode properties = schema.path("properties");
        properties.forEach(
                property -> oldNames.add(property.path("x-renamed").path("from").asString("")));
        List<ObjectShape.Slot> slots = new ArrayList<>();
        properties.forEachEntry((name, property) -> {
            if (!oldNames.contains(name)) {
                String oldName = property.path("x-renamed").path("from").asString("");
                slots.add(new ObjectShape.Key(
                        name,
                        of(property),
                        required.contains(name) || property.path("x-required").asBoolean(false),
                        null,
                        oldName.isEmpty() ? null : oldName));
            }
        });
        String shorthand = schema.path("x-shorthand").asString("");
        return new ObjectShape(List.copyOf(slots), shorthand.isEmpty() ? null : shorthand, _ -> JUDGED);
    }

    private static Shape choice(JsonNode options) {
        Map<String, ObjectShape> shapes = new LinkedHashMap<>();
        for (JsonNode option : options) {
            if (option.has("const")) {
                shapes.put(option.path("const").asString(), new ObjectShape(List.of(), null, _ -> JUDGED));
            } else {
                option.path("properties").forEachEntry((name, value) -> {
                    if (of(value) instanceof ObjectShape shape) {
                        shapes.put(name, shape);
                    }
                });
            }
        }
        return new ChoiceShape(shapes);
    }

    private static @Nullable Long number(JsonNode schema, String end) {
        Long plain = amount(schema, "m" + end);
        return plain != null ? plain : amount(schema, "x-m" + end);
    }

    private static @Nullable Long amount(JsonNode schema, String keyword) {
        JsonNode amount = schema.path(keyword);
        return amount.isIntegralNumber() ? amount.asLong() : null;
    }

    /** The same shape with bounds; where it has no amount they say nothing. */
    static Shape bounded(Shape shape, @Nullable Long least, @Nullable Long most) {
        return switch (shape) {
            case ScalarShape scalar -> scalar.within(least, most);
            case ListShape(Shape item, boolean shorthand, boolean set, long from, long to) ->
                new ListShape(item, shorthand, set, least == null ? from : least, most == null ? to : most);
            case MapShape(Shape value, long from, long to) ->
                new MapShape(value, least == null ? from : least, most == null ? to : most);
            default -> shape;
        };
    }
}
