package dev.sallyport.plugins.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media type (RFC 9110 §8.3.1), or a range of them.
 *
 * @param type such as {@code application/json}, in lower case
 * @param parameters by name in lower case
 */
record MediaType(String type, Map<String, String> parameters) {

    /** Reads a field's value; null where it is none. */
    static @Nullable MediaType parse(String text) {
        int semicolon = text.indexOf(';');
        String type =
                (semicolon < 0 ? text : text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        int slash = type.indexOf('/');
        if (slash < 1 || slash == type.length() - 1 || type.indexOf(' ') >= 0 || type.indexOf(',') >= 0) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : semicolon < 0 ? List.<String>of() : split(text.substring(semicolon + 1))) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.putIfAbsent(
                        parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        unquoted(parameter.substring(equals + 1).strip()));
            }
        }
        return new MediaType(type, parameters);
    }

    /** Splits at semicolons that do not stand in a quoted string. */
    static List<String> split(String text) {
        List<String> parts = new java.util.ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /** Whether this range, such as {@code application/*}, {@code application/*+json} or {@code *}{@code /*}, takes that type. */
    boolean takes(MediaType other) {
        if (type.equals("*/*") || type.equals(other.type)) {
            return true;
        }
        int star = type.indexOf("/*");
        return star > 0
                && other.type.startsWith(type.substring(0, star + 1))
                && other.type.length() > type.length() - 1
                && other.type.endsWith(type.substring(star + 2));
    }

    /** How closely a range names types: the closest that takes a type counts. */
    int closeness() {
        return type.equals("*/*") ? 0 : type.contains("*") ? type.length() : 1_000 + type.length();
    }

    /** Whether its content is JSON. */
    boolean isJson() {
        return type.equals("application/json") || type.endsWith("+json");
    }

    /** Whether its text is in UTF-8, as far as it says. */
    boolean isUtf8() {
        String charset = parameters.get("charset");
        return charset == null || charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
    }
}
