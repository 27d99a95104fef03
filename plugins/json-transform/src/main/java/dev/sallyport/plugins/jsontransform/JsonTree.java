package dev.sallyport.plugins.jsontransform;

import com.dashjoin.jsonata.Jsonata;
import dev.sallyport.json.Bytes;
import dev.sallyport.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents in memory, as templates see them: maps, lists, texts, booleans, and numbers that know how they are written. */
final class JsonTree {

    private final String json;
    private int at;

    private JsonTree(String json) {
        this.json = json;
    }

    /** A number as it is written. */
    static final class Written extends Number {

        private static final long serialVersionUID = 1;

        private final String text;

        Written(String text) {
            this.text = text;
        }

        @Override
        public int intValue() {
            return (int) longValue();
        }

        @Override
        public long longValue() {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException notWhole) {
                return (long) doubleValue();
            }
        }

        @Override
        public float floatValue() {
            return (float) doubleValue();
        }

        @Override
        public double doubleValue() {
            return Double.parseDouble(text);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Written that && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Reads a document that is known to be valid. Of members of one name the last one counts. */
    static Object read(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        return new JsonTree(text.startsWith("\ufeff") ? text.substring(1) : text).value();
    }

    private Object value() {
        space();
        return switch (json.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> text();
            case 't' -> word(4, true);
            case 'f' -> word(5, false);
            case 'n' -> word(4, Jsonata.NULL_VALUE);
            default -> number();
        };
    }

    private Object object() {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        space();
        while (json.charAt(at) != '}') {
            String name = text();
            space();
            at++; // the colon
            members.put(name, value());
            next();
        }
        at++;
        return members;
    }

    private Object array() {
        List<Object> elements = new ArrayList<>();
        at++;
        space();
        while (json.charAt(at) != ']') {
            elements.add(value());
            next();
        }
        at++;
        return elements;
    }

    private void next() {
        space();
        if (json.charAt(at) == ',') {
            at++;
            space();
        }
    }

    private String text() {
        int from = at + 1;
        for (at = from; json.charAt(at) != '"'; at++) {
            if (json.charAt(at) == '\\') {
                at++;
            }
        }
        return JsonText.unescaped(json.substring(from, at++));
    }

    private Object word(int length, Object value) {
        at += length;
        return value;
    }

    private Object number() {
        int from = at;
        while (at < json.length() && "+-.eE0123456789".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
        return new Written(json.substring(from, at));
    }

    private void space() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    /**
     * Writes one, without spaces.
     *
     * @throws IllegalArgumentException where there is something in it that is no JSON, such as a function
     */
    static void write(@Nullable Object value, Bytes json) {
        switch (value) {
            case null -> ascii("null", json);
            case String text -> json.write(JsonText.quoted(text));
            case Boolean bool -> ascii(bool.toString(), json);
            case Double number
            when !Double.isFinite(number) -> throw new IllegalArgumentException("a number without end");
            case Number number -> ascii(number.toString(), json);
            case Map<?, ?> members -> {
                char before = '{';
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    json.write(before);
                    before = ',';
                    json.write(JsonText.quoted(String.valueOf(member.getKey())));
                    json.write(':');
                    write(member.getValue(), json);
                }
                ascii(before == '{' ? "{}" : "}", json);
            }
            case List<?> elements -> {
                char before = '[';
                for (Object element : elements) {
                    json.write(before);
                    before = ',';
                    write(element, json);
                }
                ascii(before == '[' ? "[]" : "]", json);
            }
            default -> throw new IllegalArgumentException("something that is no JSON");
        }
    }

    private static void ascii(String text, Bytes json) {
        json.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
