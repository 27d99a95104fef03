package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Any JSON: maps, lists, texts, booleans, {@code Long}, {@code Double} and null, by the core schema of YAML 1.2. */
record FreeShape() implements Shape {

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    @Override
    public Object bind(ConfigNode node, String key, Binding binding) {
        Object value = json(node);
        return value == null ? "" : value;
    }

    @Override
    public String expected() {
        return "anything";
    }

    static @Nullable Object json(ConfigNode node) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> json(scalar);
            case ConfigNode.Sequence list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.items().forEach(item -> items.add(json(item)));
                yield Collections.unmodifiableList(items);
            }
            case ConfigNode.Mapping mapping -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> entries.put(key, json(entry.value())));
                yield Collections.unmodifiableMap(entries);
            }
        };
    }

    private static @Nullable Object json(ConfigNode.Scalar scalar) {
        String text = scalar.text();
        if (scalar.isNull()) {
            return null;
        }
        if (scalar.quoted() || scalar.isTainted()) {
            return text;
        }
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        if (WHOLE.matcher(text).matches()) {
            return Long.valueOf(text);
        }
        if (DECIMAL.matcher(text).matches() && Double.isFinite(Double.parseDouble(text))) {
            return Double.valueOf(text);
        }
        return text;
    }
}
