package dev.sallyport.plugins.rewrite;

import java.util.ArrayList;
import java.util.List;

/** A text in which {@code {name}} and {@code $1} stand for values; {@code $$} is the sign itself. */
record Template(List<Part> parts) {

    /** What a text is made of. */
    sealed interface Part {}

    /** @param text as it is */
    record Text(String text) implements Part {}

    /** @param name of a named group, or of a path parameter */
    record Named(String name) implements Part {}

    /** @param number of a group, 1 for the first */
    record Group(int number) implements Part {}

    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char after = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (c == '$' && (after == '$' || (after >= '1' && after <= '9'))) {
                i++;
                if (after == '$') {
                    plain.append('$');
                } else {
                    flush(plain, parts);
                    parts.add(new Group(after - '0'));
                }
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                if (end < i + 2) {
                    throw new IllegalArgumentException(text + " (expected: a name and } after {)");
                }
                flush(plain, parts);
                parts.add(new Named(text.substring(i + 1, end)));
                i = end;
            } else if (c == '}') {
                throw new IllegalArgumentException(text + " (expected: { before })");
            } else {
                plain.append(c);
            }
        }
        flush(plain, parts);
        return new Template(List.copyOf(parts));
    }

    private static void flush(StringBuilder plain, List<Part> parts) {
        if (!plain.isEmpty()) {
            parts.add(new Text(plain.toString()));
            plain.setLength(0);
        }
    }

    int highestGroup() {
        return parts.stream()
                .mapToInt(part -> part instanceof Group group ? group.number() : 0)
                .max()
                .orElse(0);
    }
}
