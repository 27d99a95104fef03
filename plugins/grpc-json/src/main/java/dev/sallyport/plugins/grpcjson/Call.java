package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.sallyport.api.Request;
import dev.sallyport.json.BadContentException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request as a call of a method: makes its messages. For one thread at a time. */
final class Call {

    private final Binding binding;
    private final JsonMessages json;
    private final Heavy heavy;
    private final String contentType;
    private final Map<FieldPath, List<String>> texts = new LinkedHashMap<>();

    /**
     * Looks at path and query.
     *
     * @throws BadContentException where the query has what is no field
     */
    Call(Binding binding, Paths.Found found, Request request, JsonMessages json, GrpcJsonConfig config, Heavy heavy)
            throws BadContentException {
        this.binding = binding;
        this.json = json;
        this.heavy = heavy;
        this.contentType = request.headers().get("content-type", "");
        query(request.target().query(), config);
        for (Binding.Bound bound : binding.variables()) { // what the path binds is no parameter, however it is written
            texts.keySet().removeIf(field -> field.overlaps(bound.field()));
        }
        for (Binding.Bound bound : binding.variables()) {
            texts.put(bound.field(), List.of(found.value(binding.template(), bound.variable())));
        }
    }

    private void query(@Nullable String query, GrpcJsonConfig config) throws BadContentException {
        if (query == null || query.isEmpty()) {
            return;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String written = equals < 0 ? pair : pair.substring(0, equals);
            String name = decoded(written, written);
            if (!name.isEmpty() && !config.ignoredQuery().contains(name)) {
                values.computeIfAbsent(name, _ -> new ArrayList<>(1))
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1), name));
            }
        }
        for (Map.Entry<String, List<String>> parameter : values.entrySet()) {
            FieldPath field = binding.wholeBody()
                    ? null // the body is all of the message
                    : FieldPath.of(binding.method().getInputType(), parameter.getKey());
            if (field != null && !isOfTheBody(field)) {
                texts.put(field, parameter.getValue());
            } else if (!config.ignoresUnknown()) {
                throw Misfits.parameter(
                        parameter.getKey(),
                        "is no field of " + binding.method().getInputType().getFullName()
                                + (binding.wholeBody() || field != null ? " that is not in the body" : ""));
            }
        }
    }

    private boolean isOfTheBody(FieldPath field) {
        return field.fields().getFirst().equals(binding.body());
    }

    private static String decoded(String text, String name) throws BadContentException {
        if (text.indexOf('%') < 0) {
            return text.replace('+', ' ');
        }
        try { // byte for byte, for URLDecoder replaces what is not UTF-8
            byte[] bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StrictText.utf8(bytes, bytes.length);
        } catch (CharacterCodingException e) {
            throw Misfits.parameter(name, "is not in UTF-8");
        } catch (IllegalArgumentException e) {
            throw Misfits.parameter(name, "is not percent-encoded");
        }
    }

    Binding binding() {
        return binding;
    }

    /** Whether it has a body that means anything. */
    boolean takesBody() {
        return binding.wholeBody() || binding.body() != null;
    }

    /**
     * Makes a message.
     *
     * @param body valid JSON, or for what takes bytes of any type those; empty for none
     * @throws BadContentException where it does not fit
     * @throws IOException where it is interrupted
     */
    byte[] message(byte[] body) throws IOException {
        return heavy.run(body.length, () -> made(body));
    }

    private byte[] made(byte[] body) throws IOException {
        Message.Builder message = DynamicMessage.newBuilder(binding.method().getInputType());
        if (takesBody() && binding.takesRaw()) {
            FieldDescriptor field = binding.body();
            raw(field == null ? message : message.getFieldBuilder(field), body);
        } else if (takesBody() && body.length > 0) {
            json.read(body, message, binding.body());
        }
        for (Map.Entry<FieldPath, List<String>> text : texts.entrySet()) {
            json.set(message, text.getKey(), text.getValue());
        }
        if (!message.isInitialized()) {
            throw Misfits.missing(message.findInitializationErrors());
        }
        return framed(message.build());
    }

    private void raw(Message.Builder message, byte[] body) {
        Descriptor type = message.getDescriptorForType();
        message.setField(type.findFieldByName("content_type"), contentType);
        message.setField(type.findFieldByName("data"), ByteString.copyFrom(body));
    }

    private static byte[] framed(Message message) throws IOException {
        int size = message.getSerializedSize();
        byte[] frame = new byte[Frames.HEAD + size];
        Frames.putLength(frame, size);
        message.writeTo(CodedOutputStream.newInstance(frame, Frames.HEAD, size));
        return frame;
    }
}
