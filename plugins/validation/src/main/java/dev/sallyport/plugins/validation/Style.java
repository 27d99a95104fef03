package dev.sallyport.plugins.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How arrays and objects are written as text: the styles of OpenAPI (3.1.1 §4.8.12.2). */
enum Style {
    SIMPLE,
    LABEL,
    MATRIX,
    FORM,
    SPACE_DELIMITED,
    PIPE_DELIMITED,
    DEEP_OBJECT;

    private static final int MOST_PARTS = 10_000;
    private static final int DEEPEST = 20;
    private static final Pattern SPACE = Pattern.compile("%20|\\+| ");
    private static final Pattern PIPE = Pattern.compile("\\||%7[Cc]");

    /** A text that is not written in its style. */
    static final class NotInStyleException extends Exception {

        private static final long serialVersionUID = 1;

        NotInStyleException(String message) {
            super(message);
        }
    }

    /** The style of that name; null where there is none. */
    static @Nullable Style of(String name) {
        for (Style style : values()) {
            if (style.toString().equals(name)) {
                return style;
            }
        }
        return null;
    }

    /** Its name in a document. */
    @Override
    public String toString() {
        StringBuilder name = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_", -1)) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    /**
     * Reads one text: a segment of a path, a header, or one value of a query.
     *
     * @param decode what decodes a single value, once it is split from the others
     */
    JsonNode read(String name, String text, Shape shape, boolean explode, UnaryOperator<String> decode)
            throws NotInStyleException {
        return switch (this) {
            case LABEL -> {
                if (!text.startsWith(".")) {
                    throw new NotInStyleException("does not begin with a dot");
                }
                yield delimited(text.substring(1), explode ? "." : ",", shape, explode, decode);
            }
            case MATRIX -> matrix(name, text, shape, explode, decode);
            case SPACE_DELIMITED -> delimited(SPACE.matcher(text).replaceAll(","), ",", shape, false, decode);
            case PIPE_DELIMITED -> delimited(PIPE.matcher(text).replaceAll(","), ",", shape, false, decode);
            default -> delimited(text, ",", shape, explode && this == SIMPLE, decode);
        };
    }

    private static JsonNode matrix(String name, String text, Shape shape, boolean explode, UnaryOperator<String> decode)
            throws NotInStyleException {
        if (!text.startsWith(";")) {
            throw new NotInStyleException("does not begin with a semicolon");
        }
        String rest = text.substring(1);
        if (explode && shape.isObject()) {
            return delimited(rest, ";", shape, true, decode);
        }
        List<String> values = new ArrayList<>();
        for (String part : rest.split(";", MOST_PARTS)) {
            int equals = part.indexOf('=');
            if (!decode.apply(equals < 0 ? part : part.substring(0, equals)).equals(name)) {
                throw new NotInStyleException("has another name in it");
            }
            values.add(equals < 0 ? "" : part.substring(equals + 1));
        }
        if (explode && shape.isArray()) {
            return array(values, shape, decode);
        }
        return delimited(values.getFirst(), ",", shape, false, decode);
    }

    private static JsonNode delimited(
            String text, String delimiter, Shape shape, boolean named, UnaryOperator<String> decode)
            throws NotInStyleException {
        String split = Pattern.quote(delimiter);
        if (shape.isObject()) {
            ObjectNode object = Texts.NODES.objectNode();
            String[] parts = text.isEmpty() ? new String[0] : text.split(split, MOST_PARTS);
            if (!named && parts.length % 2 != 0) {
                if (shape.kinds().size() > 1) {
                    return Texts.value(decode.apply(text), shape);
                }
                throw new NotInStyleException("has a name without a value");
            }
            for (int i = 0; i < parts.length; i += named ? 1 : 2) {
                int equals = parts[i].indexOf('=');
                if (named && equals < 0) {
                    throw new NotInStyleException("has a name without a value");
                }
                String key = decode.apply(named ? parts[i].substring(0, equals) : parts[i]);
                String value = decode.apply(named ? parts[i].substring(equals + 1) : parts[i + 1]);
                object.set(key, Texts.value(value, shape.property(key)));
            }
            return object;
        }
        if (shape.isArray()) {
            return array(text.isEmpty() ? List.of() : List.of(text.split(split, MOST_PARTS)), shape, decode);
        }
        return Texts.value(decode.apply(text), shape);
    }

    /** An array of values that were split already. */
    static JsonNode array(List<String> values, Shape shape, UnaryOperator<String> decode) {
        ArrayNode array = Texts.NODES.arrayNode();
        values.forEach(value -> array.add(Texts.value(decode.apply(value), shape.item())));
        return array;
    }

    /** Reads what belongs to one parameter from all pairs of a query, a form or of cookies; null where nothing does. */
    @Nullable
    JsonNode read(String name, List<Pair> pairs, Shape shape, boolean explode) throws NotInStyleException {
        UnaryOperator<String> decode = text -> Texts.decoded(text, true);
        if (this == DEEP_OBJECT) {
            return deep(name, pairs, shape);
        }
        if (this == FORM && explode && shape.isObject()) {
            ObjectNode object = Texts.NODES.objectNode();
            for (String property : shape.properties().keySet()) {
                JsonNode value = FORM.read(property, pairs, shape.property(property), true);
                if (value != null) {
                    object.set(property, value);
                }
            }
            if (!object.isEmpty() || shape.kinds().size() == 1) {
                return object.isEmpty() ? null : object;
            }
        }
        List<String> values = Pair.values(pairs, name);
        if (values.isEmpty()) {
            return null;
        }
        if (shape.isArray() && explode) {
            return array(values, shape, decode);
        }
        if (values.size() > 1) {
            if (shape.isAnything()) {
                return array(values, shape, decode);
            }
            throw new NotInStyleException("is given more than once");
        }
        return read(name, values.getFirst(), shape, explode, decode);
    }

    private static @Nullable JsonNode deep(String name, List<Pair> pairs, Shape shape) throws NotInStyleException {
        ObjectNode object = Texts.NODES.objectNode();
        boolean found = false;
        for (Pair pair : pairs) {
            if (pair.name().startsWith(name + "[") && pair.name().endsWith("]")) {
                found = true;
                String inside =
                        pair.name().substring(name.length() + 1, pair.name().length() - 1);
                put(object, List.of(inside.split("]\\[", DEEPEST)), pair.decoded(), shape);
            }
        }
        return found ? object : null;
    }

    private static void put(ObjectNode object, List<String> path, String text, Shape shape) throws NotInStyleException {
        String key = path.getFirst();
        Shape inner = shape.property(key);
        JsonNode there = object.get(key);
        if (path.size() == 1 && !inner.isArray()) {
            if (there != null) {
                throw new NotInStyleException("has [" + key + "] more than once");
            }
            object.set(key, Texts.value(text, inner));
        } else if (inner.isArray()) {
            // a[b]=1&a[b]=2, a[b][]=1 and a[b][0]=1 are all in use
            ArrayNode array = there instanceof ArrayNode known ? known : object.putArray(key);
            String index = path.size() > 1 ? path.get(1) : "";
            if (path.size() > 2) {
                int at = index.matches("\\d{1,4}") ? Integer.parseInt(index) : array.size();
                while (array.size() <= at && array.size() < MOST_PARTS) {
                    array.addObject();
                }
                if (!(array.get(at) instanceof ObjectNode item)) {
                    throw new NotInStyleException("has [" + key + "] in two forms");
                }
                put(item, path.subList(2, path.size()), text, inner.item());
            } else {
                array.add(Texts.value(text, inner.item()));
            }
        } else {
            if (there != null && !there.isObject()) {
                throw new NotInStyleException("has [" + key + "] in two forms");
            }
            ObjectNode below = there instanceof ObjectNode known ? known : object.putObject(key);
            put(below, path.subList(1, path.size()), text, inner);
        }
    }
}
