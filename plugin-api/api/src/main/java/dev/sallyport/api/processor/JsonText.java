package dev.sallyport.api.processor;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Writes maps, lists, texts, numbers and booleans as indented JSON, so that schemas can be read and compared. */
final class JsonText {

    private JsonText() {}

    static String of(Object value) {
        StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return out.append('\n').toString();
    }

    private static void write(StringBuilder out, Object value, int depth) {
        switch (value) {
            case Map<?, ?> map when map.isEmpty() -> out.append("{}");
            case Map<?, ?> map -> {
                out.append('{');
                for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
                    Map.Entry<?, ?> entry = i.next();
                    newLine(out, depth + 1);
                    out.append(quoted(entry.getKey().toString())).append(": ");
                    write(out, entry.getValue(), depth + 1);
                    out.append(i.hasNext() ? "," : "");
                }
                newLine(out, depth);
                out.append('}');
            }
            case List<?> list -> {
                StringJoiner items = new StringJoiner(", ", "[", "]");
                for (Object item : list) {
                    StringBuilder text = new StringBuilder();
                    write(text, item, depth + 1);
                    items.add(text);
                }
                out.append(items);
            }
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> out.append(quoted(value.toString()));
        }
    }

    private static void newLine(StringBuilder out, int depth) {
        out.append('\n').repeat("  ", depth);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
