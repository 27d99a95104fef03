package dev.sallyport.plugins.grpcjson;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says where JSON does not fit a message, which protobuf's own reader does not: by having it read part after part. Repeats
 * nothing of the values. Thread-safe.
 */
final class Misfits {

    /** Larger documents are not taken apart. */
    private static final int MOST_LENGTH = 256 * 1024;

    private static final int MOST_TRIES = 10_000;

    private final JsonFormat.Parser parser;
    private final boolean ignoresUnknown;

    Misfits(JsonFormat.Parser parser, boolean ignoresUnknown) {
        this.parser = parser;
        this.ignoresUnknown = ignoresUnknown;
    }

    private record Found(String pointer, String what) {}

    /**
     * What is to be told of a document that could not be read.
     *
     * @param inside the field that the document is the value of; null where it is the message
     */
    BadContentException explained(String json, Descriptor type, @Nullable FieldDescriptor inside) {
        Found found = new Found("", "expected: " + type.getFullName());
        if (json.length() <= MOST_LENGTH) {
            try {
                found = new Search().in(JsonParser.parseString(json), type, "");
            } catch (JsonParseException | StackOverflowError unreadable) {
                // as it stands
            }
        }
        String pointer = found.pointer();
        if (inside != null && pointer.startsWith("/")) {
            int next = pointer.indexOf('/', 1);
            pointer = next < 0 ? "" : pointer.substring(next);
        }
        return new BadContentException(problem((pointer.isEmpty() ? "the body" : pointer) + ": " + found.what())
                .with("pointer", pointer));
    }

    /** What is to be told of a part of the path or the query. */
    static BadContentException parameter(String name, String what) {
        return new BadContentException(
                problem("parameter " + name + ": " + what).with("parameter", name));
    }

    /** What is to be told of fields that a message must have and has not. */
    static BadContentException missing(List<String> fields) {
        return new BadContentException(problem("required, and not there: "
                + String.join(", ", fields.subList(0, Math.min(10, fields.size())))));
    }

    private static Problem problem(String detail) {
        return new Problem(400, "message-invalid", "Does not fit the message").withDetail(detail);
    }

    /** What a field holds, in a few words. */
    static String expected(FieldDescriptor field) {
        String one = switch (field.getJavaType()) {
            case MESSAGE ->
                field.isMapField() ? "an object" : field.getMessageType().getFullName();
            case ENUM -> "a value of " + field.getEnumType().getFullName();
            case BYTE_STRING -> "base64";
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
        return field.isRepeated() && !field.isMapField() ? "an array of " + one : one;
    }

    private final class Search {

        private int tries;

        Found in(JsonElement element, Descriptor type, String pointer) {
            if (!element.isJsonObject() || type.getFullName().startsWith("google.protobuf.")) {
                return new Found(pointer, "expected: " + type.getFullName());
            }
            for (Map.Entry<String, JsonElement> member :
                    element.getAsJsonObject().entrySet()) {
                String inner = pointer + "/" + escaped(member.getKey());
                FieldPath known = member.getKey().indexOf('.') >= 0 ? null : FieldPath.of(type, member.getKey());
                if (known == null) {
                    if (!ignoresUnknown && !fits(type, member.getKey(), member.getValue())) {
                        return new Found(inner, "no such field in " + type.getFullName());
                    }
                } else if (!fits(type, member.getKey(), member.getValue())) {
                    return inField(member.getKey(), member.getValue(), known.field(), type, inner);
                }
            }
            for (FieldDescriptor field : type.getFields()) {
                if (field.isRequired()
                        && !element.getAsJsonObject().has(field.getName())
                        && !element.getAsJsonObject().has(field.getJsonName())) {
                    return new Found(pointer, "required, and not there: " + field.getName());
                }
            }
            return new Found(pointer, "a field, or a choice of fields, is there twice");
        }

        private Found inField(String name, JsonElement value, FieldDescriptor field, Descriptor type, String pointer) {
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField();
            if (field.isRepeated() && !field.isMapField() && value.isJsonArray()) {
                for (int i = 0; i < value.getAsJsonArray().size(); i++) {
                    JsonElement element = value.getAsJsonArray().get(i);
                    JsonArray alone = new JsonArray();
                    alone.add(element);
                    if (!fits(type, name, alone)) {
                        return message && element.isJsonObject()
                                ? in(element, field.getMessageType(), pointer + "/" + i)
                                : new Found(
                                        pointer + "/" + i,
                                        "expected: " + expected(field).replace("an array of ", ""));
                    }
                }
            } else if (field.isMapField() && value.isJsonObject()) {
                for (Map.Entry<String, JsonElement> entry :
                        value.getAsJsonObject().entrySet()) {
                    JsonObject alone = new JsonObject();
                    alone.add(entry.getKey(), entry.getValue());
                    if (!fits(type, name, alone)) {
                        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
                        FieldDescriptor of = field.getMessageType().findFieldByNumber(2);
                        return new Found(
                                pointer + "/" + escaped(entry.getKey()),
                                "expected: " + expected(key) + " and " + expected(of));
                    }
                }
            } else if (message && !field.isRepeated() && value.isJsonObject()) {
                return in(value, field.getMessageType(), pointer);
            }
            return new Found(pointer, "expected: " + expected(field));
        }

        private boolean fits(Descriptor type, String name, JsonElement value) {
            if (++tries > MOST_TRIES) {
                return true;
            }
            JsonObject alone = new JsonObject();
            alone.add(name, value);
            try {
                parser.merge(alone.toString(), DynamicMessage.newBuilder(type));
                return true;
            } catch (InvalidProtocolBufferException | RuntimeException e) {
                return false;
            }
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
