package dev.sallyport.api.processor;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Durations;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Template;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The schemas of the types that are written as one scalar, and the values of their defaults. */
final class Scalars {

    private Scalars() {}

    /** The schema of a type of that qualified name; null where it is none of these. */
    static @Nullable Map<String, Object> schema(String type) {
        return switch (type) {
            case "java.lang.String" -> of("string");
            case "boolean", "java.lang.Boolean" -> of("boolean");
            case "int", "java.lang.Integer" -> format("integer", "int32");
            case "long", "java.lang.Long" -> format("integer", "int64");
            case "double", "java.lang.Double" -> of("number");
            case "java.time.Duration" -> pattern("x-duration", "^[0-9]{1,9}(ms|s|m|h|d)$");
            case "java.time.LocalDate" -> format("string", "date");
            case "java.net.URI" -> format("string", "uri-reference");
            case "java.nio.file.Path" -> format("string", "x-path");
            case "dev.sallyport.api.config.Size" -> pattern("x-size", "^[0-9]{1,18}(B|KiB|MiB|GiB)$");
            case "dev.sallyport.api.config.Rate" -> pattern("x-rate", "^[0-9]{1,15}/[0-9]{0,9}(ms|s|m|h|d)$");
            case "dev.sallyport.api.config.Expression" -> format("string", "x-expression");
            case "dev.sallyport.api.config.Condition" -> format("string", "x-condition-expression");
            case "dev.sallyport.api.config.Template" -> format("string", "x-expression-template");
            case "dev.sallyport.api.config.Secret" -> {
                Map<String, Object> schema = format("string", "x-secret");
                schema.put("writeOnly", true);
                yield schema;
            }
            default -> null;
        };
    }

    /** The schema of a type of the plugin's own that has a {@code parse} method. */
    static Map<String, Object> parsed(String simpleName) {
        return format("string", "x-" + Names.kebab(simpleName));
    }

    /**
     * The JSON value of a default.
     *
     * @throws IllegalArgumentException where the text is none of that type, or out of bounds
     */
    static Object value(String text, Map<String, Object> schema) {
        String format = String.valueOf(schema.get("format"));
        Object value = switch (String.valueOf(schema.get("type"))) {
            case "boolean" -> bool(text);
            case "integer" -> whole(text, format.equals("int32"));
            case "number" -> decimal(text);
            default -> text;
        };
        if (schema.get("enum") instanceof Iterable<?> names) {
            for (Object name : names) {
                if (name.equals(value)) {
                    return value;
                }
            }
            throw new IllegalArgumentException(text + " (expected: one of " + names + ")");
        }
        Number amount = switch (format) {
            case "x-duration" -> Durations.parse(text).toMillis();
            case "x-size" -> Size.parse(text).bytes();
            case "int32", "int64" -> (Number) value;
            default -> value instanceof Number number ? number : null;
        };
        check(format, text);
        if (amount != null) {
            bound(text, amount, schema);
        }
        return value;
    }

    private static void check(String format, String text) {
        try {
            switch (format) {
                case "x-rate" -> Rate.parse(text);
                case "x-expression" -> Expression.parse(text);
                case "x-condition-expression" -> Condition.parse(text);
                case "x-expression-template" -> Template.parse(text);
                case "uri-reference" -> URI.create(text);
                case "date" -> LocalDate.parse(text);
                default -> {}
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text + " (expected: a date such as 2027-01-31)", e);
        }
    }

    private static void bound(String text, Number amount, Map<String, Object> schema) {
        Object least = schema.getOrDefault("minimum", schema.get("x-minimum"));
        Object most = schema.getOrDefault("maximum", schema.get("x-maximum"));
        if (least instanceof Long min && amount.doubleValue() < min) {
            throw new IllegalArgumentException(text + " (expected: " + min + " or more)");
        }
        if (most instanceof Long max && amount.doubleValue() > max) {
            throw new IllegalArgumentException(text + " (expected: " + max + " or less)");
        }
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text + " (expected: true or false)");
        };
    }

    private static Number whole(String text, boolean isInt) {
        try {
            return isInt ? (Number) Integer.valueOf(text) : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " (expected: a whole number)", e);
        }
    }

    private static Double decimal(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " (expected: a number)", e);
        }
    }

    private static Map<String, Object> of(String type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        return schema;
    }

    private static Map<String, Object> format(String type, String format) {
        Map<String, Object> schema = of(type);
        schema.put("format", format);
        return schema;
    }

    private static Map<String, Object> pattern(String format, String pattern) {
        Map<String, Object> schema = format("string", format);
        schema.put("pattern", pattern);
        return schema;
    }
}
