package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.ApiFiles.Node;
import dev.sallyport.plugins.validation.Document.DocumentException;
import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import dev.sallyport.plugins.validation.Style.NotInStyleException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A body of one range of media types, as a document describes it. Bodies that are neither JSON, forms nor text are not
 * looked into. Immutable.
 *
 * @param node the media type object
 */
record Content(MediaType range, Node node, Node schema, Shape shape, Map<String, Encoding> encodings) {

    /**
     * How a property of a form is written.
     *
     * @param types that its part may have; none where the document does not say
     */
    record Encoding(Style style, boolean explode, List<MediaType> types) {

        static final Encoding DEFAULT = new Encoding(Style.FORM, true, List.of());
    }

    /** Those of a request body or a response, the closest range first. */
    static List<Content> of(ApiFiles files, Node content) throws DocumentException {
        List<Content> all = new ArrayList<>();
        for (String name : content.value().propertyNames()) {
            MediaType range = MediaType.parse(name);
            if (range != null) {
                Node node = files.resolve(content.get(name));
                Map<String, Encoding> encodings = new LinkedHashMap<>();
                for (String property : node.get("encoding").value().propertyNames()) {
                    encodings.put(property, encoding(node.get("encoding").get(property)));
                }
                // JSON says by itself what is what.
                Shape shape = range.isJson() ? Shape.ANY : Shape.of(files, node.get("schema"));
                all.add(new Content(range, node, node.get("schema"), shape, encodings));
            }
        }
        all.sort(Comparator.comparingInt(one -> -one.range().closeness()));
        return all;
    }

    private static Encoding encoding(Node node) throws DocumentException {
        String written = node.text("style");
        Style style = written.isEmpty() ? Style.FORM : Style.of(written);
        if (style == null) {
            throw node.wrong("style: " + written + " (expected: one of OpenAPI)");
        }
        List<MediaType> types = Arrays.stream(node.text("contentType").split(",", -1))
                .map(MediaType::parse)
                .filter(Objects::nonNull)
                .toList();
        return new Encoding(style, node.flag("explode", style == Style.FORM || style == Style.DEEP_OBJECT), types);
    }

    /** Whether bodies of that type are looked into. */
    boolean isRead(MediaType type) {
        return schema.exists()
                && (type.isJson()
                        || isForm(type)
                        || isMultipart(type)
                        || type.type().equals("text/plain"));
    }

    private static boolean isForm(MediaType type) {
        return type.type().equals("application/x-www-form-urlencoded");
    }

    private static boolean isMultipart(MediaType type) {
        return type.type().equals("multipart/form-data");
    }

    /** What is wrong with a body of that type. */
    List<Violation> check(
            MediaType type, byte[] body, JsonReader reader, ApiSchemas schemas, Schemas.Direction direction, int most) {
        List<Violation> violations = new ArrayList<>();
        try {
            JsonNode value;
            if (type.isJson()) {
                value = reader.read(body);
            } else if (isForm(type)) {
                value = form(new String(body, StandardCharsets.UTF_8), reader, violations);
            } else if (isMultipart(type)) {
                value = parts(Multipart.read(body, type.parameters().get("boundary")), reader, violations);
            } else {
                value = Texts.value(new String(body, StandardCharsets.UTF_8), shape);
            }
            violations.addAll(schemas.check(schema, value, direction, most));
        } catch (MalformedJsonException e) {
            violations.add(Violation.of("", "json", String.valueOf(e.getMessage())));
        } catch (NotInStyleException e) {
            violations.add(Violation.of("", "style", String.valueOf(e.getMessage())));
        }
        return violations.stream().map(each -> each.in("body", null)).toList();
    }

    private JsonNode form(String text, JsonReader reader, List<Violation> violations) {
        List<Pair> pairs = Pair.ofQuery(text);
        ObjectNode object = Texts.NODES.objectNode();
        List<Pair> rest = new ArrayList<>(pairs);
        for (String property : shape.properties().keySet()) {
            Shape inner = shape.property(property);
            Encoding encoding = encodings.getOrDefault(property, Encoding.DEFAULT);
            try {
                List<String> values = Pair.values(pairs, property);
                JsonNode value = encoding.types().stream().anyMatch(MediaType::isJson) && !values.isEmpty()
                        ? reader.read(Texts.decoded(values.getFirst(), true))
                        : encoding.style().read(property, pairs, inner, encoding.explode());
                if (value != null) {
                    object.set(property, value);
                }
            } catch (NotInStyleException e) {
                violations.add(Violation.of("/" + Pointers.escaped(property), "style", String.valueOf(e.getMessage())));
            } catch (MalformedJsonException e) {
                violations.add(Violation.of("/" + Pointers.escaped(property), "json", String.valueOf(e.getMessage())));
            }
            rest.removeIf(pair -> pair.name().equals(property)
                    || (encoding.style() == Style.DEEP_OBJECT && pair.name().startsWith(property + "["))
                    || (inner.isObject() && inner.properties().containsKey(pair.name())));
        }
        for (Pair pair : rest) {
            add(object, pair.name(), Texts.value(pair.decoded(), Shape.ANY));
        }
        return object;
    }

    private JsonNode parts(List<Multipart.Part> parts, JsonReader reader, List<Violation> violations) {
        ObjectNode object = Texts.NODES.objectNode();
        for (Multipart.Part part : parts) {
            Shape inner = shape.property(part.name());
            Encoding encoding = encodings.getOrDefault(part.name(), Encoding.DEFAULT);
            String pointer = "/" + Pointers.escaped(part.name());
            MediaType type = part.type();
            if (!encoding.types().isEmpty()
                    && encoding.types().stream().noneMatch(range -> type != null && range.takes(type))) {
                violations.add(Violation.of(pointer, "contentType", "is of another media type"));
            }
            boolean structured =
                    inner.isObject() || (inner.isArray() && inner.item().isObject());
            try {
                boolean json = type == null ? structured && !part.isFile() : type.isJson() && !part.isFile();
                JsonNode value = json
                        ? reader.read(part.content())
                        : Texts.value(text(part), inner.isArray() ? inner.item() : inner);
                if (inner.isArray() && !value.isArray()) {
                    ArrayNode array =
                            object.get(part.name()) instanceof ArrayNode known ? known : object.putArray(part.name());
                    array.add(value);
                } else {
                    add(object, part.name(), value);
                }
            } catch (MalformedJsonException e) {
                violations.add(Violation.of(pointer, "json", String.valueOf(e.getMessage())));
            }
        }
        return object;
    }

    /** What is given twice becomes an array: a schema that expects one value refuses it. */
    private static void add(ObjectNode object, String name, JsonNode value) {
        JsonNode there = object.get(name);
        if (there instanceof ArrayNode array) {
            array.add(value);
        } else if (there != null) {
            object.putArray(name).add(there).add(value);
        } else {
            object.set(name, value);
        }
    }

    /** A file's bytes count as characters. */
    private static String text(Multipart.Part part) {
        return new String(part.content(), part.isFile() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /** The one for a type; null where none takes it. */
    static @Nullable Content closest(List<Content> contents, MediaType type) {
        for (Content content : contents) {
            if (content.range().takes(type)) {
                return content;
            }
        }
        return null;
    }
}
