package dev.sallyport.testgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Random settings by the JSON Schema of a type: such as keep it, and such as break it at one place. */
final class ConfigSamples {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 8;
    private static final List<String> TEXTS = List.of(
            "a",
            "x-a",
            "some words",
            "/a/b",
            "a.b",
            "0",
            "null",
            "true",
            "-1",
            "*",
            "^a+$",
            "[",
            "{",
            "{client.address}",
            "\u00fc\u5c0f",
            "\t",
            "\u0001",
            "a\nb",
            "",
            " ",
            "x".repeat(2_000));

    private final Random random;
    private final Function<String, @Nullable JsonNode> given;
    private final List<Place> places = new ArrayList<>();

    /** Where a value of the last sample stands, outside of any choice. */
    private record Place(ObjectNode parent, String key, JsonNode schema, boolean required) {}

    /**
     * Settings that break the schema.
     *
     * @param key at which key
     * @param how in words
     */
    record Broken(JsonNode config, String key, String how) {}

    /** @param given the value for a path of keys, such as {@code in.header}; null for a random one */
    ConfigSamples(Random random, Function<String, @Nullable JsonNode> given) {
        this.random = random;
        this.given = given;
    }

    /** Settings that keep it. */
    JsonNode valid(JsonNode schema) {
        places.clear();
        return value(full(schema), "", 0, true);
    }

    /** Settings that break it at one place. */
    Broken broken(JsonNode schema) {
        ObjectNode config = (ObjectNode) valid(schema);
        List<Supplier<Broken>> ways = new ArrayList<>();
        ways.add(() -> {
            config.put("noSuchKey", 1);
            return new Broken(config, "noSuchKey", "an unknown key");
        });
        for (Place place : places) {
            for (JsonNode bad : bad(place.schema())) {
                ways.add(() -> {
                    place.parent().set(place.key(), bad);
                    return new Broken(config, place.key(), "wrong: " + bad);
                });
            }
            if (place.required()) {
                ways.add(() -> {
                    place.parent().remove(place.key());
                    return new Broken(config, place.key(), "missing");
                });
            }
        }
        return pick(ways).get();
    }

    /** The long form of what has a short one. */
    private static JsonNode full(JsonNode schema) {
        return schema.has("anyOf")
                ? schema.path("anyOf").path(schema.path("anyOf").size() - 1)
                : schema;
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private JsonNode value(JsonNode schema, String path, int depth, boolean plain) {
        JsonNode wanted = given.apply(path);
        if (wanted != null && !path.isEmpty()) {
            return wanted;
        }
        JsonNode usual = schema.get("default");
        if (usual != null && random.nextInt(3) == 0) {
            return usual.deepCopy();
        }
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice)) {
                JsonNode options = schema.path(choice);
                return value(options.path(random.nextInt(options.size())), path, depth + 1, false);
            }
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.has("enum")) {
            return schema.path("enum").path(random.nextInt(schema.path("enum").size()));
        }
        return switch (schema.path("type").asString("object")) {
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> NODES.numberNode(number(schema, "minimum", "maximum"));
            case "number" -> NODES.numberNode((double) number(schema, "minimum", "maximum"));
            case "array" -> array(schema, path, depth);
            case "string" -> NODES.stringNode(text(schema));
            default -> object(schema, path, depth, plain);
        };
    }

    private ObjectNode object(JsonNode schema, String path, int depth, boolean plain) {
        ObjectNode object = NODES.objectNode();
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        schema.path("properties").forEachEntry((name, property) -> {
            boolean must =
                    required.contains(name) || property.path("x-required").asBoolean(false);
            boolean may = !property.path("deprecated").asBoolean(false) && !property.has("$ref") && depth < DEEPEST;
            if (must || (may && random.nextBoolean())) {
                String inside = path.isEmpty() ? name : path + "." + name;
                object.set(name, value(property, inside, depth + 1, plain && !property.has("anyOf")));
                if (plain) {
                    places.add(new Place(object, name, property, required.contains(name)));
                }
            }
        });
        JsonNode free = schema.path("additionalProperties");
        if (free.isObject() || free.asBoolean(false)) {
            long count = between(
                    schema.path("minProperties").asLong(0),
                    schema.path("maxProperties").asLong(3),
                    3);
            for (int i = 0; i < count; i++) {
                JsonNode each = free.isObject() ? value(free, path + ".*", depth + 1, false) : StringNode.valueOf("a");
                object.set("x-" + i, each);
            }
        }
        return object;
    }

    private ArrayNode array(JsonNode schema, String path, int depth) {
        ArrayNode array = NODES.arrayNode();
        long count = between(
                schema.path("minItems").asLong(0), schema.path("maxItems").asLong(3), 3);
        for (int i = 0; i < count && depth < DEEPEST; i++) {
            JsonNode item = value(schema.path("items"), path + "[]", depth + 1, false);
            boolean known = array.valueStream().anyMatch(item::equals);
            if (!known || !schema.path("uniqueItems").asBoolean(false)) {
                array.add(item);
            }
        }
        return array;
    }

    private long between(long least, long most, long usual) {
        return least + random.nextLong(Math.max(1, Math.min(most, least + usual) - least + 1));
    }

    private long number(JsonNode schema, String least, String most) {
        long low = schema.path(least).asLong(0);
        long high = schema.path(most).asLong(1_000);
        return switch (random.nextInt(4)) {
            case 0 -> low;
            case 1 -> high;
            default -> between(low, high, 1_000);
        };
    }

    private String text(JsonNode schema) {
        return switch (schema.path("format").asString("")) {
            case "x-duration" -> number(schema, "x-minimum", "x-maximum") + "ms";
            case "x-size" -> number(schema, "x-minimum", "x-maximum") + "B";
            case "x-rate" -> (1 + random.nextInt(1_000)) + "/" + pick(List.of("s", "m", "h", "10s"));
            case "date" -> "20" + (10 + random.nextInt(80)) + "-01-31";
            case "uri-reference" -> pick(List.of("http://127.0.0.1:9/a", "/a?b=c", "urn:a", "http://[::1]:9"));
            case "x-path" -> pick(List.of("no-such-file", "no/such/file.txt"));
            case "x-expression" -> pick(List.of("client.address", "header.x-a", "host", "path"));
            case "x-condition-expression" -> pick(List.of("method == \"GET\"", "authenticated"));
            case "x-expression-template" -> pick(List.of("a", "{client.address}", "{{a}}"));
            default -> schema.path("x-store").asBoolean(false) ? "memory" : pick(TEXTS);
        };
    }

    /** Values that are none of that type. */
    private static List<JsonNode> bad(JsonNode schema) {
        if (schema.has("anyOf") || schema.has("oneOf") || schema.has("const") || schema.has("$ref")) {
            return List.of();
        }
        List<JsonNode> bad = new ArrayList<>();
        String type = schema.path("type").asString("object");
        if (!type.equals("object")) {
            bad.add(NODES.objectNode().put("no-such-key", 1));
        }
        if (schema.has("enum")
                || schema.has("pattern")
                || List.of("boolean", "integer", "number").contains(type)) {
            bad.add(NODES.stringNode("no such word"));
        }
        if (type.equals("integer") || type.equals("number")) {
            if (schema.has("minimum")) {
                bad.add(NODES.numberNode(schema.path("minimum").asLong() - 1));
            }
            if (schema.has("maximum") && schema.path("maximum").asLong() < Long.MAX_VALUE) {
                bad.add(NODES.numberNode(schema.path("maximum").asLong() + 1));
            }
        }
        if (type.equals("array")) {
            bad.add(NODES.arrayNode().add(NODES.arrayNode().add(NODES.arrayNode())));
        }
        return bad;
    }
}
