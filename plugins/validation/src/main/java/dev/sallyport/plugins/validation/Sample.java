package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a value that a schema describes: its example, else the simplest that its words ask for. Patterns are not made up, so
 * a text with a pattern may not match it. The same schema gives the same value.
 */
final class Sample {

    private static final int DEEPEST = 12;

    /** Below this only what is required is made, so that schemas that refer to themselves come to an end. */
    private static final int DEEP = 3;

    private static final int MOST_ITEMS = 100;

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("date", "2026-01-31"),
            Map.entry("date-time", "2026-01-31T12:00:00Z"),
            Map.entry("time", "12:00:00Z"),
            Map.entry("duration", "PT1H"),
            Map.entry("email", "somebody@example.com"),
            Map.entry("idn-email", "somebody@example.com"),
            Map.entry("hostname", "example.com"),
            Map.entry("idn-hostname", "example.com"),
            Map.entry("ipv4", "192.0.2.1"),
            Map.entry("ipv6", "2001:db8::1"),
            Map.entry("uri", "https://example.com/"),
            Map.entry("iri", "https://example.com/"),
            Map.entry("uri-reference", "/"),
            Map.entry("iri-reference", "/"),
            Map.entry("uri-template", "/{id}"),
            Map.entry("json-pointer", "/a"),
            Map.entry("relative-json-pointer", "0"),
            Map.entry("regex", "a"),
            Map.entry("byte", "AAAA"),
            Map.entry("uuid", "00000000-0000-4000-8000-000000000000"));

    private final ApiFiles files;
    private final String left;

    /** @param direction read-only properties are left out of what is sent, write-only ones of what is told */
    Sample(ApiFiles files, Schemas.Direction direction) {
        this.files = files;
        left = direction == Schemas.Direction.REQUEST ? "readOnly" : "writeOnly";
    }

    /** The value of a schema. */
    JsonNode of(Node schema) throws DocumentException {
        return of(schema, 0);
    }

    private JsonNode of(Node reference, int depth) throws DocumentException {
        if (depth > DEEPEST || !reference.exists()) {
            return Texts.NODES.nullNode();
        }
        Node schema = files.resolve(reference);
        JsonNode value = schema.value();
        JsonNode given = given(value);
        if (given != null) {
            return given;
        }
        JsonNode part = part(schema, depth);
        String type = type(value);
        if (type.isEmpty() && part != null && !part.isObject()) {
            return part;
        }
        return switch (type) {
            case "string" -> Texts.NODES.stringNode(text(value));
            case "integer", "number" -> number(value);
            case "boolean" -> Texts.NODES.booleanNode(true);
            case "null" -> Texts.NODES.nullNode();
            case "array" -> array(schema, depth);
            default -> object(schema, part, depth);
        };
    }

    private static @Nullable JsonNode given(JsonNode value) {
        for (String word : new String[] {"example", "const", "default"}) {
            if (value.has(word)) {
                return value.get(word);
            }
        }
        for (String word : new String[] {"examples", "enum"}) {
            if (value.path(word).isArray() && !value.path(word).isEmpty()) {
                return value.get(word).get(0);
            }
        }
        return null;
    }

    /** All of allOf together, or the first of anyOf or oneOf. */
    private @Nullable JsonNode part(Node schema, int depth) throws DocumentException {
        JsonNode part = null;
        Node all = schema.get("allOf");
        for (int i = 0; all.value().isArray() && i < all.value().size(); i++) {
            JsonNode next = of(all.get(i), depth + 1);
            if (part instanceof ObjectNode object && next instanceof ObjectNode more) {
                object.setAll(more);
            } else if (part == null || next.isObject()) {
                part = next.deepCopy();
            }
        }
        for (String word : new String[] {"oneOf", "anyOf"}) {
            if (schema.value().path(word).isArray()
                    && !schema.value().path(word).isEmpty()) {
                JsonNode first = of(schema.get(word).get(0), depth + 1);
                if (part instanceof ObjectNode object && first instanceof ObjectNode more) {
                    object.setAll(more);
                } else {
                    part = first;
                }
            }
        }
        return part;
    }

    private static String type(JsonNode value) {
        JsonNode type = value.path("type");
        if (type.isString()) {
            return type.asString();
        }
        for (JsonNode each : type) {
            if (!each.asString("").equals("null")) {
                return each.asString("");
            }
        }
        if (value.has("properties") || value.has("additionalProperties")) {
            return "object";
        }
        return value.has("items") ? "array" : "";
    }

    private static String text(JsonNode value) {
        String text = TEXTS.getOrDefault(value.path("format").asString(""), "text");
        int least = Math.min(value.path("minLength").asInt(0), 10_000);
        int most = value.path("maxLength").asInt(Integer.MAX_VALUE);
        return text.length() < least
                ? text + "x".repeat(least - text.length())
                : text.substring(0, Math.min(text.length(), Math.max(0, most)));
    }

    private static JsonNode number(JsonNode value) {
        BigDecimal number = BigDecimal.ONE;
        JsonNode least = value.path("minimum");
        JsonNode most = value.path("maximum");
        JsonNode above = value.path("exclusiveMinimum");
        JsonNode below = value.path("exclusiveMaximum");
        if (most.isNumber() && number.compareTo(most.decimalValue()) >= 0) {
            number = most.decimalValue().subtract(below.asBoolean(false) ? BigDecimal.ONE : BigDecimal.ZERO);
        }
        if (below.isNumber() && number.compareTo(below.decimalValue()) >= 0) {
            number = below.decimalValue().subtract(BigDecimal.ONE);
        }
        if (least.isNumber() && number.compareTo(least.decimalValue()) <= 0) {
            number = least.decimalValue().add(above.asBoolean(false) ? BigDecimal.ONE : BigDecimal.ZERO);
        }
        if (above.isNumber() && number.compareTo(above.decimalValue()) <= 0) {
            number = above.decimalValue().add(BigDecimal.ONE);
        }
        JsonNode step = value.path("multipleOf");
        if (step.isNumber() && step.decimalValue().signum() > 0) {
            BigDecimal by = step.decimalValue();
            number = number.divide(by, 0, java.math.RoundingMode.CEILING).multiply(by);
        }
        return number.stripTrailingZeros().scale() <= 0
                ? Texts.NODES.numberNode(number.toBigInteger())
                : Texts.NODES.numberNode(number);
    }

    private ArrayNode array(Node schema, int depth) throws DocumentException {
        ArrayNode array = Texts.NODES.arrayNode();
        int least = schema.value().path("minItems").asInt(0);
        int count = Math.min(MOST_ITEMS, Math.max(least, depth < DEEP ? 1 : 0));
        for (int i = 0; i < count && schema.get("items").exists(); i++) {
            array.add(of(schema.get("items"), depth + 1));
        }
        return array;
    }

    private JsonNode object(Node schema, @Nullable JsonNode part, int depth) throws DocumentException {
        ObjectNode object = Texts.NODES.objectNode();
        if (part instanceof ObjectNode known) {
            object.setAll(known);
        }
        Node properties = schema.get("properties");
        for (String name : properties.value().propertyNames()) {
            boolean required = schema.value()
                    .path("required")
                    .valueStream()
                    .anyMatch(each -> each.asString("").equals(name));
            if ((required || depth < DEEP)
                    && !files.resolve(properties.get(name)).flag(left, false)) {
                object.set(name, of(properties.get(name), depth + 1));
            }
        }
        for (JsonNode required : schema.value().path("required")) {
            if (!object.has(required.asString(""))
                    && !properties.get(required.asString("")).exists()) {
                object.set(required.asString(""), of(schema.get("additionalProperties"), depth + 1));
            }
        }
        return object;
    }
}
