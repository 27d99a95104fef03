package dev.sallyport.plugins.validation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Writes values of parameters as clients do (OpenAPI 3.1.1 §4.8.12.4): the other way round from {@link Style}. */
final class WrittenStyle {

    private WrittenStyle() {}

    /** For a path or a header. */
    static String single(Style style, boolean explode, String name, JsonNode value) {
        return switch (style) {
            case SIMPLE -> joined(value, ",", explode);
            case LABEL -> "." + joined(value, explode ? "." : ",", explode);
            case MATRIX -> {
                if (explode && value.isObject()) {
                    yield ";" + joined(value, ";", true);
                }
                if (explode && value.isArray()) {
                    yield value.valueStream()
                            .map(item -> ";" + encoded(name) + "=" + text(item))
                            .collect(Collectors.joining());
                }
                yield ";" + encoded(name) + "=" + joined(value, ",", false);
            }
            default -> throw new IllegalArgumentException(style + " is for queries");
        };
    }

    /** For a query or a form. */
    static String query(Style style, boolean explode, String name, JsonNode value) {
        return switch (style) {
            case FORM -> {
                if (explode && value.isObject()) {
                    yield joined(value, "&", true);
                }
                if (explode && value.isArray()) {
                    yield value.valueStream()
                            .map(item -> encoded(name) + "=" + text(item))
                            .collect(Collectors.joining("&"));
                }
                yield encoded(name) + "=" + joined(value, ",", false);
            }
            case SPACE_DELIMITED -> encoded(name) + "=" + joined(value, "%20", false);
            case PIPE_DELIMITED -> encoded(name) + "=" + joined(value, "%7C", false);
            case DEEP_OBJECT ->
                value.propertyStream()
                        .map(entry -> encoded(name + "[" + entry.getKey() + "]") + "=" + text(entry.getValue()))
                        .collect(Collectors.joining("&"));
            default -> throw new IllegalArgumentException(style + " is for paths");
        };
    }

    private static String joined(JsonNode value, String delimiter, boolean named) {
        if (value.isObject()) {
            List<String> parts = new ArrayList<>();
            value.propertyStream().forEach(entry -> {
                if (named) {
                    parts.add(encoded(entry.getKey()) + "=" + text(entry.getValue()));
                } else {
                    parts.add(encoded(entry.getKey()));
                    parts.add(text(entry.getValue()));
                }
            });
            return String.join(delimiter, parts);
        }
        if (value.isArray()) {
            return value.valueStream().map(WrittenStyle::text).collect(Collectors.joining(delimiter));
        }
        return text(value);
    }

    private static String text(JsonNode value) {
        return encoded(value.isValueNode() ? value.asString() : value.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E");
    }
}
