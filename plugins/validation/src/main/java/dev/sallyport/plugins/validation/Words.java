package dev.sallyport.plugins.validation;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import tools.jackson.databind.JsonNode;

/** Says what is wrong in words that hold nothing of the value: the library's own texts are not used. */
final class Words {

    private static final int LONGEST = 200;

    private Words() {}

    /** An error as the client is told it. */
    static Violation of(Error error) {
        String keyword = String.valueOf(error.getKeyword());
        String pointer = pointer(error.getInstanceLocation());
        return switch (keyword) {
            case "required", "dependentRequired", "dependencies" ->
                Violation.of(
                        pointer,
                        keyword,
                        error.getProperty() == null
                                ? "does not have what another property asks for"
                                : "'" + error.getProperty() + "' is missing");
            case "additionalProperties", "unevaluatedProperties" ->
                Violation.of(
                        error.getProperty() == null ? pointer : pointer + "/" + Pointers.escaped(error.getProperty()),
                        keyword,
                        "is not allowed here");
            default -> Violation.of(pointer, keyword, detail(keyword, error));
        };
    }

    private static String detail(String keyword, Error error) {
        JsonNode expected = error.getSchemaNode();
        String value = expected == null ? "" : shortened(expected.toString());
        return switch (keyword) {
            case "type" -> {
                Object[] arguments = error.getArguments();
                yield arguments != null && arguments.length == 2
                        ? "is " + arguments[0] + " (expected: " + value.replace("\"", "") + ")"
                        : "is of another type (expected: " + value.replace("\"", "") + ")";
            }
            case "enum" -> "is none of " + value;
            case "const" -> "is not " + value;
            case "minimum" -> "is less than " + value;
            case "maximum" -> "is more than " + value;
            case "exclusiveMinimum" -> "is not more than " + value;
            case "exclusiveMaximum" -> "is not less than " + value;
            case "multipleOf" -> "is no multiple of " + value;
            case "minLength" -> "is shorter than " + value + " characters";
            case "maxLength" -> "is longer than " + value + " characters";
            case "minItems" -> "has fewer than " + value + " items";
            case "maxItems" -> "has more than " + value + " items";
            case "minProperties" -> "has fewer than " + value + " properties";
            case "maxProperties" -> "has more than " + value + " properties";
            case "uniqueItems" -> "has an item twice";
            case "pattern" -> "does not match " + value;
            case "format" -> "is no " + value.replace("\"", "");
            case "oneOf" -> "matches none, or more than one, of the schemas of oneOf";
            case "anyOf" -> "matches none of the schemas of anyOf";
            case "not" -> "matches the schema of not";
            case "contains" -> "has no item, or not as many as it should, that matches contains";
            case "propertyNames" -> "has a property whose name is not allowed";
            case "readOnly" -> "must not be sent: it is read-only";
            case "writeOnly" -> "must not be told: it is write-only";
            case "discriminator" -> "does not name a schema that is known";
            case "false" -> "is not allowed here";
            default -> "does not satisfy " + keyword;
        };
    }

    private static String pointer(NodePath path) {
        String pointer = path == null ? "" : path.toString();
        return pointer.equals("/") && path.getNameCount() == 0 ? "" : pointer;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
