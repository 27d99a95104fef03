package dev.sallyport.api;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON (RFC 8259), for plugins that need no more than that: the API has no library, which every plugin would
 * share.
 *
 * <p>Control characters and line separators are written escaped, those beyond ASCII too, so that a text that is one line
 * of a log stays one line on any terminal.
 */
public final class Json {

    private Json() {}

    /**
     * The JSON text of an object, without spaces and line breaks.
     *
     * @param object its members, in their order: strings, numbers, booleans, nulls, and maps and iterables of them;
     *     anything else is written as the string that it prints as, a number that is not finite as null
     */
    public static String write(Map<String, ?> object) {
        StringBuilder out = new StringBuilder(256);
        value(out, object);
        return out.toString();
    }

    private static void value(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> object(out, map);
            case Iterable<?> list -> list(out, list);
            case Boolean bool -> out.append(bool);
            case Double number when !Double.isFinite(number) -> out.append("null");
            case Number number -> out.append(number);
            default -> string(out, value.toString());
        }
    }

    private static void object(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        char separator = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (separator != 0) {
                out.append(separator);
            }
            separator = ',';
            string(out, String.valueOf(entry.getKey()));
            out.append(':');
            value(out, entry.getValue());
        }
        out.append('}');
    }

    private static void list(StringBuilder out, Iterable<?> list) {
        out.append('[');
        for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
            value(out, items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' '
                            || (c >= 0x7f && c <= 0x9f)
                            || c == 0x2028
                            || c == 0x2029
                            || (Character.isSurrogate(c) && !paired(text, i))) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean paired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
