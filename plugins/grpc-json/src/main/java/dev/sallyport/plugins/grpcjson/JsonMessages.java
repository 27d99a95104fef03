package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages as JSON and back, by protobuf's own mapping. Immutable and thread-safe. */
final class JsonMessages {

    private final JsonFormat.Parser parser;
    private final JsonFormat.Printer printer;
    private final JsonFormat.Printer ofOneField;
    private final int maxDepth;
    private final Misfits misfits;

    JsonMessages(TypeRegistry types, GrpcJsonConfig config) {
        JsonFormat.Parser reads = JsonFormat.parser().usingTypeRegistry(types);
        parser = config.ignoresUnknown() ? reads.ignoringUnknownFields() : reads;
        misfits = new Misfits(parser, config.ignoresUnknown());
        JsonFormat.Printer writes =
                JsonFormat.printer().usingTypeRegistry(types).omittingInsignificantWhitespace();
        if (config.protoNames()) {
            writes = writes.preservingProtoFieldNames();
        }
        if (config.enumNumbers()) {
            writes = writes.printingEnumsAsInts();
        }
        ofOneField = writes;
        printer = config.defaults() ? writes.alwaysPrintFieldsWithNoPresence() : writes;
        maxDepth = config.maxDepth();
    }

    /**
     * Reads JSON, which is known to be valid, into a message.
     *
     * @param field the field that it is; null where it is the whole message
     * @throws BadContentException where it is not what the message holds, with the place
     */
    void read(byte[] json, Message.Builder message, @Nullable FieldDescriptor field) throws BadContentException {
        Structure.check(json, maxDepth);
        String text = new String(json, StandardCharsets.UTF_8);
        String whole = field == null ? text : "{" + quoted(field.getJsonName()) + ":" + withoutMark(text) + "}";
        try {
            parser.merge(whole, message);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            throw misfits.explained(whole, message.getDescriptorForType(), field);
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /**
     * Puts texts, of a path or a query, into a field.
     *
     * @throws BadContentException where the field does not hold such
     */
    void set(Message.Builder message, FieldPath path, List<String> values) throws BadContentException {
        FieldDescriptor field = path.field();
        if (!field.isRepeated() && values.size() > 1) {
            throw Misfits.parameter(path.text(), "is there more than once");
        }
        String json = field.isRepeated()
                ? String.join(",", values.stream().map(JsonMessages::quoted).toList())
                : quoted(values.getFirst());
        try {
            Message.Builder around = path.around(message).clearField(field);
            parser.merge(
                    "{" + quoted(field.getJsonName()) + ":" + (field.isRepeated() ? "[" + json + "]" : json) + "}",
                    around);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            throw Misfits.parameter(path.text(), "expected: " + Misfits.expected(field));
        }
    }

    private static String quoted(String text) {
        return new String(JsonText.quoted(text), StandardCharsets.UTF_8);
    }

    /**
     * Writes a message.
     *
     * @param field the field that is written; null for the whole message
     * @throws InvalidProtocolBufferException where it holds what cannot be written, such as an Any of an unknown type
     */
    String write(MessageOrBuilder message, @Nullable FieldDescriptor field) throws InvalidProtocolBufferException {
        if (field == null) {
            return printer.print(message);
        }
        boolean ofMessages = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField();
        if (ofMessages && !field.isRepeated()) {
            return printer.print((MessageOrBuilder) message.getField(field));
        }
        if (ofMessages) {
            List<String> elements = new ArrayList<>();
            for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                elements.add(printer.print((MessageOrBuilder) message.getRepeatedField(field, i)));
            }
            return "[" + String.join(",", elements) + "]";
        }
        Message.Builder alone = alone(message, field);
        String object = ofOneField.includingDefaultValueFields(Set.of(field)).print(alone);
        return object.equals("{}") ? "null" : object.substring(object.indexOf(':') + 1, object.length() - 1);
    }

    private static Message.Builder alone(MessageOrBuilder message, FieldDescriptor field) {
        Message.Builder alone = message.getDefaultInstanceForType().newBuilderForType();
        if (field.isRepeated() || !field.hasPresence() || message.hasField(field)) {
            alone.setField(field, message.getField(field));
        }
        return alone;
    }

    /** An {@code Any} as JSON; of a type that is not known, or where it cannot be written, its bytes. */
    String any(Any any) {
        try {
            String json = printer.print(any);
            Structure.check(json.getBytes(StandardCharsets.UTF_8), maxDepth);
            return json;
        } catch (InvalidProtocolBufferException | BadContentException | RuntimeException | StackOverflowError e) {
            ByteString bytes = any.getValue();
            return "{\"@type\":" + quoted(any.getTypeUrl()) + ",\"value\":\""
                    + Base64.getEncoder().encodeToString(bytes.toByteArray()) + "\"}";
        }
    }
}
