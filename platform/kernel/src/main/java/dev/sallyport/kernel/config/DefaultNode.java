package dev.sallyport.kernel.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What stands in an annotation for a key that is not given, as if it stood in the file. */
final class DefaultNode {

    private DefaultNode() {}

    static ConfigNode of(String text, Shape shape, Place place) {
        if (shape instanceof ScalarShape scalar) {
            return new ConfigNode.Scalar(text, !scalar.literal(), place);
        }
        if (text.startsWith("[") || text.startsWith("{")) {
            ConfigNode node = new YamlText(place.file(), problem -> {
                        throw new IllegalArgumentException(text + ": " + problem.message());
                    })
                    .parse(text);
            return moved(Objects.requireNonNull(node), place);
        }
        return new ConfigNode.Scalar(text, false, place);
    }

    private static ConfigNode moved(ConfigNode node, Place place) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> new ConfigNode.Scalar(scalar.text(), scalar.quoted(), place);
            case ConfigNode.Sequence list ->
                new ConfigNode.Sequence(
                        list.items().stream().map(item -> moved(item, place)).toList(), place);
            case ConfigNode.Mapping mapping -> {
                Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((key, entry) ->
                                entries.put(key, new ConfigNode.Entry(place, moved(entry.value(), place))));
                yield new ConfigNode.Mapping(entries, place);
            }
        };
    }
}
