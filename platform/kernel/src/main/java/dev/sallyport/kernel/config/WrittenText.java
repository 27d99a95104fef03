package dev.sallyport.kernel.config;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a configuration says, as YAML or JSON again: as it is written, so that a reference to a secret stays one. */
public final class WrittenText {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern NEEDS_QUOTES =
            Pattern.compile(".*[{}\\[\\],:#&*!|>'\"%@`$].*|[-?] .*|[-?~]|\\s.*|.*\\s|(?i:null)|", Pattern.DOTALL);
    private static final int LINE = 100;

    private WrittenText() {}

    /** A value in YAML's flow style, on one line. */
    public static String flow(@Nullable ConfigNode node) {
        return switch (node) {
            case null -> "{}";
            case ConfigNode.Scalar scalar -> scalar(scalar);
            case ConfigNode.Sequence list ->
                list.items().stream().map(WrittenText::flow).collect(Collectors.joining(", ", "[", "]"));
            case ConfigNode.Mapping map ->
                map.entries().entrySet().stream()
                        .map(entry -> key(entry.getKey()) + ": "
                                + flow(entry.getValue().value()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    /** A value as lines of YAML, each with a line feed; what fits on one line stands on one. */
    public static String block(ConfigNode node, int indent) {
        StringBuilder out = new StringBuilder();
        switch (node) {
            case ConfigNode.Mapping map when !map.entries().isEmpty() -> mapping(map, indent, out);
            case ConfigNode.Sequence list when !list.items().isEmpty() -> sequence(list, indent, out);
            default -> out.append(" ".repeat(indent)).append(flow(node)).append('\n');
        }
        return out.toString();
    }

    /** An item of a list as lines of YAML, the first of which begins with its dash. */
    static String item(ConfigNode node, int indent) {
        String flow = flow(node);
        if (!(node instanceof ConfigNode.Mapping map) || map.entries().isEmpty() || indent + flow.length() < LINE) {
            return " ".repeat(indent) + "- " + flow + "\n";
        }
        String lines = block(map, indent + 2);
        return " ".repeat(indent) + "- " + lines.substring(indent + 2);
    }

    private static void mapping(ConfigNode.Mapping map, int indent, StringBuilder out) {
        map.entries().forEach((key, entry) -> out.append(entry(key, entry.value(), indent, LINE)));
    }

    /** A key and its value as lines of YAML. */
    static String entry(String key, ConfigNode value, int indent, int line) {
        String head = " ".repeat(indent) + key(key) + ":";
        String flow = flow(value);
        boolean lines =
                value instanceof ConfigNode.Scalar || isEmpty(value) || head.length() + 1 + flow.length() < line;
        return lines ? head + " " + flow + "\n" : head + "\n" + block(value, indent + 2);
    }

    private static boolean isEmpty(ConfigNode node) {
        return switch (node) {
            case ConfigNode.Mapping map -> map.entries().isEmpty();
            case ConfigNode.Sequence list -> list.items().isEmpty();
            case ConfigNode.Scalar scalar -> false;
        };
    }

    private static void sequence(ConfigNode.Sequence list, int indent, StringBuilder out) {
        list.items().forEach(item -> out.append(item(item, indent)));
    }

    private static String key(String key) {
        return NEEDS_QUOTES.matcher(key).matches() ? JSON.writeValueAsString(key) : key;
    }

    private static String scalar(ConfigNode.Scalar scalar) {
        String text = scalar.written();
        if (scalar.isNull()) {
            return "null";
        }
        boolean quotes = scalar.quoted() || NEEDS_QUOTES.matcher(text).matches();
        return quotes ? JSON.writeValueAsString(text) : text;
    }

    /** A value as JSON; scalars stay the texts that they are in the file. */
    public static JsonNode json(@Nullable ConfigNode node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (node) {
            case null -> make.objectNode();
            case ConfigNode.Scalar scalar -> scalar.isNull() ? make.nullNode() : make.stringNode(scalar.written());
            case ConfigNode.Sequence list -> {
                var array = make.arrayNode();
                list.items().forEach(item -> array.add(json(item)));
                yield array;
            }
            case ConfigNode.Mapping map -> {
                var object = make.objectNode();
                for (Map.Entry<String, ConfigNode.Entry> entry : map.entries().entrySet()) {
                    object.set(entry.getKey(), json(entry.getValue().value()));
                }
                yield object;
            }
        };
    }
}
