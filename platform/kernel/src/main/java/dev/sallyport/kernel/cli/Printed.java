package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigNode;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** How commands show what a configuration says: as written, so that a secret stays the reference that it is in the file. */
final class Printed {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String NEEDS_QUOTES = ".*[{}\\[\\],:#&*!|>'\"%@`$].*|\\s.*|.*\\s|";

    private Printed() {}

    /** A value in YAML's flow style. */
    static String yaml(@Nullable ConfigNode node) {
        return switch (node) {
            case null -> "{}";
            case ConfigNode.Scalar scalar -> scalar(scalar);
            case ConfigNode.Sequence list ->
                list.items().stream().map(Printed::yaml).collect(Collectors.joining(", ", "[", "]"));
            case ConfigNode.Mapping map ->
                map.entries().entrySet().stream()
                        .map(entry ->
                                entry.getKey() + ": " + yaml(entry.getValue().value()))
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String scalar(ConfigNode.Scalar scalar) {
        String text = scalar.written();
        if (scalar.isNull()) {
            return "null";
        }
        boolean quotes = scalar.quoted() || text.contains("\n") || text.matches(NEEDS_QUOTES) || text.isEmpty();
        return quotes ? JSON.writeValueAsString(text) : text;
    }

    /** A value as JSON; scalars stay the texts that they are in the file. */
    static JsonNode json(@Nullable ConfigNode node) {
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
