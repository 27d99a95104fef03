package dev.sallyport.plugins.validation;

import java.util.HashSet;
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
        return firstBad(root, new StringBuilder(), new HashSet<>());
    }

    /** @param good those that were looked at: documents repeat a few of them many times */
    private static @Nullable WrittenPattern firstBad(JsonNode node, StringBuilder at, Set<String> good) {
        int length = at.length();
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            if (node.get(i).isContainer()) {
                WrittenPattern bad = firstBad(node.get(i), at.append('/').append(i), good);
                at.setLength(length);
                if (bad != null) {
                    return bad;
                }
            }
        }
        if (node.isObject()) {
            for (var property : node.properties()) {
                String key = property.getKey();
                JsonNode value = property.getValue();
                if (key.equals("pattern") && value.isString() && !isPattern(value.asString(), good)) {
                    return new WrittenPattern(at + "/pattern", value.asString());
                }
                if (key.equals("patternProperties") && value.isObject()) {
                    for (String pattern : value.propertyNames()) {
                        if (!isPattern(pattern, good)) {
                            return new WrittenPattern(at + "/patternProperties/" + Pointers.escaped(pattern), pattern);
                        }
                    }
                }
                if (value.isContainer() && !DATA.contains(key)) {
                    WrittenPattern bad = firstBad(value, at.append('/').append(Pointers.escaped(key)), good);
                    at.setLength(length);
                    if (bad != null) {
                        return bad;
                    }
                }
            }
        }
        return null;
    }

    private static boolean isPattern(String text, Set<String> good) {
        try {
            return good.contains(text) || (Patterns.compile(text) != null && good.add(text));
        } catch (PatternSyntaxException none) {
            return false;
        }
    }
}
