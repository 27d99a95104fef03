package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** JSON as if it stood in a configuration's file. */
public final class WrittenJson {

    private static final Place HERE = new Place("body", 1, 1);

    /** Text that would be something else without quotes. */
    private static final Pattern NO_TEXT =
            Pattern.compile("true|false|null|~|[-+]?[0-9.].*|[-+]?\\.(inf|nan)", Pattern.CASE_INSENSITIVE);

    private WrittenJson() {}

    /** The same value. */
    public static ConfigNode node(JsonNode json) {
        if (json.isObject()) {
            Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : json.properties()) {
                entries.put(each.getKey(), new ConfigNode.Entry(HERE, node(each.getValue())));
            }
            return new ConfigNode.Mapping(Collections.unmodifiableMap(entries), HERE);
        }
        if (json.isArray()) {
            List<ConfigNode> items = new ArrayList<>();
            json.forEach(item -> items.add(node(item)));
            return new ConfigNode.Sequence(List.copyOf(items), HERE);
        }
        String text = json.isNull() ? "" : json.asString("");
        boolean quoted = json.isString() && (NO_TEXT.matcher(text).matches() || text.isEmpty());
        return new ConfigNode.Scalar(text, quoted, HERE);
    }
}
