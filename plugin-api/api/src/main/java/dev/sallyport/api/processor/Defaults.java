package dev.sallyport.api.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the text of a default into the JSON value that its schema describes. Collections and records are written in YAML's
 * flow style: {@code [http1, h2c]}, {@code {}}, {@code {cpu: 250ms}}.
 */
final class Defaults {

    private final String text;
    private int at;

    private Defaults(String text) {
        this.text = text;
    }

    /**
     * The JSON value of a default.
     *
     * @throws IllegalArgumentException where the text does not fit
     */
    static Object value(String text, Map<String, Object> schema) {
        boolean flow = !isScalar(schema) && (text.startsWith("[") || text.startsWith("{"));
        return typed(flow ? new Defaults(text).whole() : text, schema);
    }

    private static boolean isScalar(Map<String, Object> schema) {
        return schema.get("type") instanceof String type && !type.equals("object") && !type.equals("array");
    }

    @SuppressWarnings("unchecked")
    private static Object typed(Object written, Map<String, Object> schema) {
        if (schema.containsKey("$ref")) {
            throw new IllegalArgumentException(written + " (expected: no default for a value of this type)");
        }
        if (schema.get("oneOf") instanceof List<?> options) {
            return chosen(written, (List<Map<String, Object>>) options);
        }
        if (schema.get("anyOf") instanceof List<?> forms) {
            Map<String, Object> brief = (Map<String, Object>) forms.get(0);
            Map<String, Object> full = (Map<String, Object>) forms.get(1);
            boolean isFull = "array".equals(full.get("type")) ? written instanceof List : written instanceof Map;
            return typed(written, isFull ? full : brief);
        }
        return switch (String.valueOf(schema.get("type"))) {
            case "array" -> list(written, schema);
            case "object" -> object(written, schema);
            default -> Scalars.value(written.toString(), schema);
        };
    }

    @SuppressWarnings("unchecked")
    private static Object chosen(Object written, List<Map<String, Object>> options) {
        for (Map<String, Object> option : options) {
            if (written.equals(option.get("const"))) {
                return written;
            }
            if (option.get("properties") instanceof Map<?, ?> properties
                    && written instanceof Map<?, ?> map
                    && map.keySet().equals(properties.keySet())) {
                return object(written, option);
            }
        }
        throw new IllegalArgumentException(written + " (expected: one of the choices)");
    }

    @SuppressWarnings("unchecked")
    private static Object list(Object written, Map<String, Object> schema) {
        if (!(written instanceof List<?> items) || !(schema.get("items") instanceof Map<?, ?> item)) {
            throw new IllegalArgumentException(written + " (expected: a list such as [a, b])");
        }
        List<Object> values = new ArrayList<>();
        for (Object value : items) {
            values.add(typed(value, (Map<String, Object>) item));
        }
        if (schema.get("minItems") instanceof Long least && values.size() < least) {
            throw new IllegalArgumentException(written + " (expected: " + least + " or more elements)");
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static Object object(Object written, Map<String, Object> schema) {
        if (!(written instanceof Map<?, ?> entries)) {
            throw new IllegalArgumentException(written + " (expected: a mapping such as {})");
        }
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        Map<String, Object> values = new LinkedHashMap<>();
        entries.forEach((key, value) -> {
            Object property = properties.containsKey(key) ? properties.get(key) : schema.get("additionalProperties");
            if (property instanceof Map<?, ?> known) {
                values.put(key.toString(), typed(value, (Map<String, Object>) known));
            } else if (Boolean.TRUE.equals(property)) {
                values.put(key.toString(), value);
            } else {
                throw new IllegalArgumentException(key + " (expected: one of the keys " + properties.keySet() + ")");
            }
        });
        if (schema.get("required") instanceof List<?> required) {
            for (Object key : required) {
                if (!values.containsKey(key)) {
                    throw new IllegalArgumentException(written + " (expected: the key " + key + " in it)");
                }
            }
        }
        return values;
    }

    private Object whole() {
        Object value = flow();
        if (at < text.length()) {
            throw new IllegalArgumentException(text + " (expected: nothing after its last bracket)");
        }
        return value;
    }

    private Object flow() {
        skipSpaces();
        return switch (peek()) {
            case '[' -> items();
            case '{' -> entries();
            default -> scalar(",]}");
        };
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        at++;
        while (!closes(']')) {
            items.add(flow());
            separator(']');
        }
        return items;
    }

    private Map<String, Object> entries() {
        Map<String, Object> entries = new LinkedHashMap<>();
        at++;
        while (!closes('}')) {
            skipSpaces();
            String key = scalar(":,}");
            if (peek() != ':') {
                throw new IllegalArgumentException(text + " (expected: a colon after " + key + ")");
            }
            at++;
            entries.put(key, flow());
            separator('}');
        }
        return entries;
    }

    private boolean closes(char bracket) {
        skipSpaces();
        if (peek() != bracket) {
            return false;
        }
        at++;
        return true;
    }

    private void separator(char bracket) {
        skipSpaces();
        if (peek() == ',') {
            at++;
        } else if (peek() != bracket) {
            throw new IllegalArgumentException(text + " (expected: , or " + bracket + " at " + at + ")");
        }
    }

    private String scalar(String ends) {
        char quote = peek();
        int start = at;
        if (quote == '"' || quote == '\'') {
            int end = text.indexOf(quote, at + 1);
            if (end < 0) {
                throw new IllegalArgumentException(text + " (expected: a closing " + quote + ")");
            }
            at = end + 1;
            return text.substring(start + 1, end);
        }
        while (ends.indexOf(peek()) < 0) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private char peek() {
        if (at >= text.length()) {
            throw new IllegalArgumentException(text + " (expected: closing brackets)");
        }
        return text.charAt(at);
    }

    private void skipSpaces() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}
