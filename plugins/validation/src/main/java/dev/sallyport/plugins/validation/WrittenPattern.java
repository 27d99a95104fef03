package dev.sallyport.plugins.validation;

import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A pattern in a document.
 *
 * @param pointer where it stands
 * @param text as it is written
 */
record WrittenPattern(String pointer, String text) {

    /** What is below these is data. */
    private static final Set<String> DATA = Set.of("enum", "const", "default", "example", "examples");

    /** The first pattern of a document's schemas that is none; null where all are. */
    static @Nullable WrittenPattern firstBad(JsonNode root) {
        return firstBad(root, "");
    }

    private static @Nullable WrittenPattern firstBad(JsonNode node, String at) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                WrittenPattern bad = firstBad(node.get(i), at + "/" + i);
                if (bad != null) {
                    return bad;
                }
            }
        }
        if (node.isObject()) {
            for (var property : node.properties()) {
                String key = property.getKey();
                JsonNode value = property.getValue();
                String below = at + "/" + Pointers.escaped(key);
                if (key.equals("pattern") && value.isString() && !isPattern(value.asString())) {
                    return new WrittenPattern(below, value.asString());
                }
                if (key.equals("patternProperties") && value.isObject()) {
                    for (String pattern : value.propertyNames()) {
                        if (!isPattern(pattern)) {
                            return new WrittenPattern(below + "/" + Pointers.escaped(pattern), pattern);
                        }
                    }
                }
                WrittenPattern bad = DATA.contains(key) ? null : firstBad(value, below);
                if (bad != null) {
                    return bad;
                }
            }
        }
        return null;
    }

    private static boolean isPattern(String text) {
        try {
            return Patterns.compile(text) != null;
        } catch (PatternSyntaxException none) {
            return false;
        }
    }
}
