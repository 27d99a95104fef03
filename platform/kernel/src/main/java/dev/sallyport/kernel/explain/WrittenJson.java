package dev.sallyport.kernel.explain;

import dev.sallyport.kernel.config.ConfigNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A value of a configuration as JSON, as it is written: scalars stay texts, and a secret the reference that it is in the file. */
final class WrittenJson {

    private WrittenJson() {}

    static JsonNode of(@Nullable ConfigNode node) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (node) {
            case null -> make.objectNode();
            case ConfigNode.Scalar scalar -> scalar.isNull() ? make.nullNode() : make.stringNode(scalar.written());
            case ConfigNode.Sequence list -> {
                var array = make.arrayNode();
                list.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case ConfigNode.Mapping map -> {
                var object = make.objectNode();
                for (Map.Entry<String, ConfigNode.Entry> entry : map.entries().entrySet()) {
                    object.set(entry.getKey(), of(entry.getValue().value()));
                }
                yield object;
            }
        };
    }
}
