package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field of a message, or of one within it: {@code book.author.name}. Immutable.
 *
 * @param text as it is written
 * @param fields from the outermost message on
 */
record FieldPath(String text, List<FieldDescriptor> fields) {

    /** Nobody nests a path deeper than a message may be nested. */
    private static final int MOST = 100;

    /** The field of that path, whose names are those of the description or of JSON; null where there is none. */
    static @Nullable FieldPath of(Descriptor type, String text) {
        List<FieldDescriptor> fields = new ArrayList<>(2);
        Descriptor around = type;
        for (String name : text.split("\\.", -1)) {
            FieldDescriptor field = around == null ? null : field(around, name);
            if (field == null || fields.size() == MOST) {
                return null;
            }
            fields.add(field);
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated();
            around = message ? field.getMessageType() : null;
        }
        return new FieldPath(text, List.copyOf(fields));
    }

    private static @Nullable FieldDescriptor field(Descriptor type, String name) {
        FieldDescriptor field = type.findFieldByName(name);
        if (field != null) {
            return field;
        }
        for (FieldDescriptor one : type.getFields()) {
            if (one.getJsonName().equals(name)) {
                return one;
            }
        }
        return null;
    }

    /** The field itself. */
    FieldDescriptor field() {
        return fields.getLast();
    }

    /** Whether it is the other field, around it or within it. */
    boolean overlaps(FieldPath other) {
        int shorter = Math.min(fields.size(), other.fields.size());
        return fields.subList(0, shorter).equals(other.fields.subList(0, shorter));
    }

    /** The message that it is in, made where it is not there. */
    Message.Builder around(Message.Builder message) {
        Message.Builder builder = message;
        for (int i = 0; i < fields.size() - 1; i++) {
            builder = builder.getFieldBuilder(fields.get(i));
        }
        return builder;
    }
}
