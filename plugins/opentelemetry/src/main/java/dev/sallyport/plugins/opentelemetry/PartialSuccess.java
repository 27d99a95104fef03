package dev.sallyport.plugins.opentelemetry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what all export responses of OTLP have in common, in protobuf: {@code partial_success} (field 1) with the number of
 * rejected items (1) and a message (2). What cannot be read says nothing.
 */
final class PartialSuccess {

    private static final int VARINT = 0;
    private static final int LENGTH = 2;
    private static final Answer.Taken WHOLE = new Answer.Taken(0, null);

    private PartialSuccess() {}

    static Answer.Taken read(byte[] response) {
        try {
            ByteBuffer in = ByteBuffer.wrap(response);
            while (in.hasRemaining()) {
                int tag = (int) varint(in);
                if (tag == (1 << 3 | LENGTH)) {
                    return partial(part(in));
                }
                skip(in, tag & 7);
            }
            return WHOLE;
        } catch (RuntimeException unreadable) {
            return WHOLE;
        }
    }

    private static Answer.Taken partial(ByteBuffer in) {
        long rejected = 0;
        String message = null;
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            if (tag == (1 << 3 | VARINT)) {
                rejected = varint(in);
            } else if (tag == (2 << 3 | LENGTH)) {
                message = text(part(in));
            } else {
                skip(in, tag & 7);
            }
        }
        return new Answer.Taken(Math.max(0, rejected), message);
    }

    private static @Nullable String text(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes).toString();
        return text.isBlank() ? null : text;
    }

    private static ByteBuffer part(ByteBuffer in) {
        int length = Math.toIntExact(varint(in));
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    private static void skip(ByteBuffer in, int type) {
        switch (type) {
            case VARINT -> {
                long _ = varint(in);
            }
            case 1 -> in.position(in.position() + Long.BYTES);
            case LENGTH -> {
                ByteBuffer _ = part(in);
            }
            case 5 -> in.position(in.position() + Integer.BYTES);
            default -> throw new IllegalArgumentException("type " + type);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint");
    }
}
