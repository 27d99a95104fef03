package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.JsonReader.MalformedJsonException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads single values that were sent as text. */
final class Texts {

    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*+)(?:\\.\\d++)?(?:[eE][+-]?\\d++)?");
    private static final JsonReader NUMBERS = new JsonReader(1);

    private Texts() {}

    /** The value that a text stands for: a number or boolean where that is what is expected, else a string. */
    static JsonNode value(String text, Shape shape) {
        if (shape.isAnything()) {
            return NODES.stringNode(text);
        }
        if (shape.kinds().contains(Shape.Kind.NUMBER) && NUMBER.matcher(text).matches()) {
            try {
                return NUMBERS.read(text);
            } catch (MalformedJsonException tooLong) {
                return NODES.stringNode(text);
            }
        }
        if (shape.kinds().contains(Shape.Kind.BOOLEAN) && (text.equals("true") || text.equals("false"))) {
            return NODES.booleanNode(text.equals("true"));
        }
        if (shape.kinds().contains(Shape.Kind.NULL)
                && !shape.kinds().contains(Shape.Kind.STRING)
                && (text.isEmpty() || text.equals("null"))) {
            return NODES.nullNode();
        }
        return NODES.stringNode(text);
    }

    /** A text without percent-encoding, as far as it is one. */
    static String decoded(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        try {
            return URLDecoder.decode(plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
