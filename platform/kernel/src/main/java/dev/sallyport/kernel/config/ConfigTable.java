package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Durations;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The keys of a schema as a table in Markdown: key, type, default, description. It stands in the pages of plugins. */
public final class ConfigTable {

    private ConfigTable() {}

    /** The table; keys of nested records are written with a dot, a star marks a key that must be given. */
    public static String of(JsonNode schema) {
        StringBuilder rows = new StringBuilder();
        rows(full(schema), "", rows);
        return rows.isEmpty()
                ? "It has no keys.\n"
                : "| key | type | default | description |\n| --- | --- | --- | --- |\n" + rows;
    }

    /**
     * A page with the table put between two lines: for {@code config} these are {@code <!-- config -->} and
     * {@code <!-- /config -->}.
     *
     * @throws IllegalArgumentException where the page has no such lines
     */
    public static String put(String page, String name, String table) {
        String start = "<!-- " + name + " -->";
        String end = "<!-- /" + name + " -->";
        int from = page.indexOf(start);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "no place for the table (expected: the lines " + start + " and " + end + "); add them to the page");
        }
        return page.substring(0, from) + start + "\n" + table + page.substring(to);
    }

    private static void rows(JsonNode schema, String prefix, StringBuilder rows) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        schema.path("properties").forEachEntry((name, property) -> {
            if (property.path("deprecated").asBoolean(false)) {
                return;
            }
            boolean mustBeGiven =
                    required.contains(name) || property.path("x-required").asBoolean(false);
            rows.append("| `").append(prefix).append(name).append('`').append(mustBeGiven ? "*" : "");
            rows.append(" | ").append(cell(type(property)));
            rows.append(" | ").append(cell(value(property.get("default"))));
            rows.append(" | ").append(prose(property.path("description").asString("")));
            rows.append(" |\n");
            below(property, prefix + name, rows);
        });
    }

    /** The keys of a record in that place: also of one in a list, or one that has a short form. */
    private static void below(JsonNode property, String name, StringBuilder rows) {
        JsonNode full = full(property);
        if (full.has("properties")) {
            rows(full, name + ".", rows);
        } else if (full.path("items").isObject()) {
            below(full.path("items"), name + "[]", rows);
        } else if (full.path("additionalProperties").isObject()) {
            below(full.path("additionalProperties"), name + ".*", rows);
        }
    }

    /** The long form of what has a short one. */
    private static JsonNode full(JsonNode schema) {
        return schema.has("anyOf") ? schema.path("anyOf").path(1) : schema;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }

    /** A sentence, in which nothing is to be taken for markup. */
    private static String prose(String text) {
        return cell(text).replace("*", "\\*").replace("<", "&lt;");
    }

    private static String value(@Nullable JsonNode value) {
        if (value == null) {
            return "";
        }
        String text = flow(value);
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    /** As it would be written in YAML. */
    private static String flow(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(ConfigTable::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isObject()) {
            return value.propertyStream()
                    .map(entry -> entry.getKey() + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.asString();
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return list(schema.path("enum"), " or ", name -> "`" + name.asString() + "`");
        }
        if (schema.has("oneOf")) {
            return list(schema.path("oneOf"), " or ", ConfigTable::option);
        }
        if (schema.has("anyOf")) {
            return list(schema.path("anyOf"), " or ", ConfigTable::type);
        }
        String format = schema.path("format").asString("");
        return switch (schema.path("type").asString("")) {
            case "array" -> "list of " + type(schema.path("items"));
            case "object" -> schema.has("properties") ? "mapping" : map(schema.path("additionalProperties"));
            case "integer" -> "whole number" + bounds(schema);
            case "number" -> "number" + bounds(schema);
            case "boolean" -> "`true` or `false`";
            case "string" ->
                switch (format) {
                    case "" -> "text";
                    case "uri-reference" -> "URL";
                    default ->
                        (format.startsWith("x-") ? format.substring(2) : format).replace('-', ' ') + bounds(schema);
                };
            default -> "any";
        };
    }

    private static String option(JsonNode option) {
        if (option.has("const")) {
            return "`" + option.path("const").asString() + "`";
        }
        List<String> forms = new ArrayList<>();
        option.path("properties").forEachEntry((name, value) -> {
            JsonNode full = value.has("anyOf") ? value.path("anyOf").path(1) : value;
            String shorthand = full.path("x-shorthand").asString("");
            List<String> keys = new ArrayList<>();
            full.path("properties").forEachEntry((key, _) -> keys.add(key));
            forms.add("`{" + name + ": " + (shorthand.isEmpty() ? "{" + String.join(", ", keys) + "}" : "…") + "}`");
        });
        return String.join(" or ", forms);
    }

    private static String map(JsonNode value) {
        return value.isBoolean() ? "mapping of anything" : "mapping of " + type(value);
    }

    private static String bounds(JsonNode schema) {
        String least = bound(schema, "minimum");
        String most = bound(schema, "maximum");
        if (least.isEmpty()) {
            return most.isEmpty() ? "" : ", at most " + most;
        }
        return ", " + least + (most.isEmpty() ? " or more" : " to " + most);
    }

    private static String bound(JsonNode schema, String end) {
        if (schema.has(end)) {
            return schema.path(end).asString();
        }
        if (!schema.has("x-" + end)) {
            return "";
        }
        long amount = schema.path("x-" + end).asLong();
        return schema.path("format").asString().equals("x-size")
                ? new Size(amount).toString()
                : Durations.format(Duration.ofMillis(amount));
    }

    private static String list(JsonNode nodes, String separator, Function<JsonNode, String> text) {
        return nodes.valueStream().map(text).distinct().collect(Collectors.joining(separator));
    }
}
