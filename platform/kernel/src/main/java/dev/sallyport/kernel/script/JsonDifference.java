package dev.sallyport.kernel.script;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells where two values of JSON shapes differ, a line for each place. */
final class JsonDifference {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonDifference() {}

    /** Compares two values. */
    static void add(String at, @Nullable Object expected, @Nullable Object actual, List<String> differences) {
        compare(at, tree(expected), tree(actual), differences);
    }

    /** Compares a value with a text that should be its JSON. */
    static void addParsed(String at, @Nullable Object expected, String actual, List<String> differences) {
        try {
            compare(at, tree(expected), JSON.readTree(actual), differences);
        } catch (JacksonException e) {
            differences.add(at + ": " + actual + " (expected: JSON)");
        }
    }

    private static JsonNode tree(@Nullable Object value) {
        return JSON.readTree(JsonText.of(value));
    }

    private static void compare(String at, JsonNode expected, JsonNode actual, List<String> differences) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>(expected.propertyNames());
            names.addAll(actual.propertyNames());
            for (String name : names) {
                compareMember(at + "." + name, expected.get(name), actual.get(name), differences);
            }
        } else if (expected.isArray() && actual.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
                compareMember(at + "[" + i + "]", expected.get(i), actual.get(i), differences);
            }
        } else if (!same(expected, actual)) {
            differences.add(at + ": " + actual + " (expected: " + expected + ")");
        }
    }

    private static void compareMember(
            String at, @Nullable JsonNode expected, @Nullable JsonNode actual, List<String> differences) {
        if (expected == null) {
            differences.add(at + ": " + actual + " (expected: nothing)");
        } else if (actual == null) {
            differences.add(at + ": nothing (expected: " + expected + ")");
        } else {
            compare(at, expected, actual, differences);
        }
    }

    /** Numbers by their value: JSON knows one kind of them. */
    private static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        return one.equals(other);
    }
}
