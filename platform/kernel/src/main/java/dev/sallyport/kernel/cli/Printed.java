package dev.sallyport.kernel.cli;

import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How commands show what a configuration says: a value in YAML's flow style. */
final class Printed {

    private static final String NEEDS_QUOTES = ".*[{}\\[\\],:#&*!|>'\"%@`$].*|\\s.*|.*\\s|";

    private Printed() {}

    /** A value of which all scalars are texts, or null. */
    static String yaml(JsonNode node) {
        if (node.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            node.forEach(item -> items.add(yaml(item)));
            return items.toString();
        }
        if (node.isObject()) {
            StringJoiner entries = new StringJoiner(", ", "{", "}");
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                entries.add(entry.getKey() + ": " + yaml(entry.getValue()));
            }
            return entries.toString();
        }
        String text = node.asString("");
        if (node.isNull() || node.isMissingNode()) {
            return "null";
        }
        return text.contains("\n") || text.matches(NEEDS_QUOTES)
                ? JsonMapper.shared().writeValueAsString(text)
                : text;
    }
}
