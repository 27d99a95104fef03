package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import dev.sallyport.plugins.validation.Style.NotInStyleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A parameter of an operation, or a header of a response. Immutable.
 *
 * @param in {@code path}, {@code query}, {@code header} or {@code cookie}
 * @param schema of its value
 * @param json whether it is written as JSON: it has {@code content} in the place of a style
 */
record Parameter(
        String in,
        String name,
        boolean required,
        Style style,
        boolean explode,
        boolean allowEmptyValue,
        boolean json,
        Node schema,
        Shape shape) {

    /** What the parameters of these names say is said elsewhere (3.1.1 §4.8.12.1). */
    private static final Set<String> IGNORED_HEADERS = Set.of("accept", "content-type", "authorization");

    private static final JsonReader JSON = new JsonReader(100);

    /** Reads what a document says of one; null where it is to be passed over. */
    static @Nullable Parameter of(ApiFiles files, Node reference) throws DocumentException {
        Node node = files.resolve(reference);
        String in = node.text("in");
        String name = node.text("name");
        if (name.isEmpty() || !Set.of("path", "query", "header", "cookie").contains(in)) {
            throw node.wrong("in: '" + in + "', name: '" + name + "' (expected: a name, and in: path, query, header or"
                    + " cookie)");
        }
        return in.equals("header") && IGNORED_HEADERS.contains(name.toLowerCase(Locale.ROOT))
                ? null
                : of(files, node, in, name);
    }

    /** A header of a response. */
    static Parameter ofHeader(ApiFiles files, Node reference, String name) throws DocumentException {
        return of(files, files.resolve(reference), "header", name);
    }

    private static Parameter of(ApiFiles files, Node node, String in, String name) throws DocumentException {
        String written = node.text("style");
        Style otherwise = in.equals("path") || in.equals("header") ? Style.SIMPLE : Style.FORM;
        Style style = written.isEmpty() ? otherwise : Style.of(written);
        if (style == null) {
            throw node.wrong("style: " + written + " (expected: one of OpenAPI)");
        }
        Node schema = node.get("schema");
        boolean json = false;
        Node content = node.get("content");
        if (!schema.exists() && content.value().isObject() && !content.value().isEmpty()) {
            String type = content.value().propertyNames().iterator().next();
            MediaType media = MediaType.parse(type);
            json = media != null && media.isJson();
            schema = content.get(type).get("schema");
        }
        return new Parameter(
                in,
                name,
                node.flag("required", false) || in.equals("path"),
                style,
                node.flag("explode", style == Style.FORM || style == Style.DEEP_OBJECT),
                node.flag("allowEmptyValue", false),
                json,
                schema,
                Shape.of(files, schema));
    }

    /** Whether a pair of that name belongs to it. */
    boolean takes(String pair) {
        if (style == Style.DEEP_OBJECT) {
            return pair.startsWith(name + "[");
        }
        return pair.equals(name)
                || (!json
                        && style == Style.FORM
                        && explode
                        && shape.isObject()
                        && (shape.open() || shape.properties().containsKey(pair)));
    }

    /** What is wrong with a single text: a segment of the path, or a header. */
    List<Violation> check(@Nullable String text, ApiSchemas schemas, Schemas.Direction direction, int most) {
        if (text == null) {
            return required ? List.of(missing()) : List.of();
        }
        boolean encoded = in.equals("path");
        UnaryOperator<String> decode = value -> encoded ? Texts.decoded(value, false) : value.strip();
        try {
            JsonNode value = json ? JSON.read(decode.apply(text)) : style.read(name, text, shape, explode, decode);
            return check(value, schemas, direction, most);
        } catch (NotInStyleException e) {
            return List.of(wrong("style", String.valueOf(e.getMessage())));
        } catch (MalformedJsonException e) {
            return List.of(wrong("json", String.valueOf(e.getMessage())));
        }
    }

    /** What is wrong with it among the pairs of a query or of cookies. */
    List<Violation> check(List<Pair> pairs, ApiSchemas schemas, int most) {
        try {
            JsonNode value;
            if (json) {
                List<String> values = Pair.values(pairs, name);
                value = values.isEmpty() ? null : JSON.read(Texts.decoded(values.getFirst(), true));
            } else {
                value = style.read(name, pairs, shape, explode);
            }
            if (value == null) {
                return required ? List.of(missing()) : List.of();
            }
            if (allowEmptyValue && value.isString() && value.asString().isEmpty()) {
                return List.of();
            }
            return check(value, schemas, Schemas.Direction.REQUEST, most);
        } catch (NotInStyleException e) {
            return List.of(wrong("style", String.valueOf(e.getMessage())));
        } catch (MalformedJsonException e) {
            return List.of(wrong("json", String.valueOf(e.getMessage())));
        }
    }

    private List<Violation> check(JsonNode value, ApiSchemas schemas, Schemas.Direction direction, int most) {
        return schema.exists()
                ? schemas.check(schema, value, direction, most).stream()
                        .map(violation -> violation.in(in, name))
                        .toList()
                : List.of();
    }

    private Violation missing() {
        return wrong("required", "is missing");
    }

    private Violation wrong(String keyword, String detail) {
        return new Violation(in, name, "", keyword, detail);
    }
}
