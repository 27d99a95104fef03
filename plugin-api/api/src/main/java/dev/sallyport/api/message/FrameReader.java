package dev.sallyport.api.message;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames (RFC 6455 §5.2) in whatever pieces they come, and gives whole messages. It holds one message at most, and no
 * more of it than has come. For one thread.
 */
final class FrameReader {

    private static final int FIRST = 1024;

    private final boolean masked;
    private final int most;
    private final byte[] header = new byte[14];
    private int headerBytes;

    private boolean inPayload;
    private int opcode;
    private boolean last;
    private int left;
    private int maskAt;

    /** What kind of message is under way; 0 for none. */
    private int kind;

    private byte[] content = {};
    private int count;
    private final byte[] control = new byte[Frame.LONGEST_CONTROL];
    private int controlCount;

    /** Takes what was read. */
    interface Taker {
        void take(Message message) throws IOException;
    }

    /** What was sent is against the protocol, or too large: the connection cannot go on. */
    static final class ViolationException extends Exception {

        private static final long serialVersionUID = 1;

        private final int code;

        ViolationException(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /**
     * @param masked whether they come from a client
     * @param most bytes of one message
     */
    FrameReader(boolean masked, int most) {
        this.masked = masked;
        this.most = most;
    }

    /** Reads all of these bytes. */
    void read(byte[] bytes, int offset, int length, Taker taker) throws IOException, ViolationException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (!inPayload) {
                header[headerBytes++] = bytes[at++];
                if (headerBytes >= 2 && headerBytes == headerLength()) {
                    begin();
                }
            } else {
                int part = Math.min(left, end - at);
                take(bytes, at, part);
                at += part;
                left -= part;
            }
            if (inPayload && left == 0) {
                inPayload = false;
                headerBytes = 0;
                Message message = finish();
                if (message != null) {
                    taker.take(message);
                }
            }
        }
    }

    private int headerLength() {
        int length = header[1] & 0x7f;
        return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (masked ? 4 : 0);
    }

    private void begin() throws ViolationException {
        last = (header[0] & 0x80) != 0;
        opcode = header[0] & 0x0f;
        if ((header[0] & 0x70) != 0) {
            throw violation("a reserved bit is set, and no extension was agreed on");
        }
        if (((header[1] & 0x80) != 0) != masked) {
            throw violation(masked ? "a frame of a client is not masked" : "a frame of a server is masked");
        }
        long length = length();
        boolean isControl = opcode >= Frame.CLOSE;
        switch (opcode) {
            case Frame.TEXT, Frame.BINARY -> {
                if (kind != 0) {
                    throw violation("a message begins inside of another one");
                }
                kind = opcode;
                count = 0;
            }
            case Frame.CONTINUATION -> {
                if (kind == 0) {
                    throw violation("a continuation of nothing");
                }
            }
            case Frame.CLOSE, Frame.PING, Frame.PONG -> {
                if (!last || length > Frame.LONGEST_CONTROL) {
                    throw violation("a control frame in fragments, or of more than 125 bytes");
                }
                controlCount = 0;
            }
            default -> throw violation("an unknown opcode");
        }
        if (!isControl && (length < 0 || length > most - count)) {
            throw new ViolationException(1009, "a message of more than " + most + " bytes");
        }
        left = (int) length;
        maskAt = 0;
        inPayload = true;
    }

    private long length() throws ViolationException {
        int length = header[1] & 0x7f;
        int bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (bytes == 0) {
            return length;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | (header[2 + i] & 0xff);
        }
        if (value < 0) {
            throw violation("a length whose first bit is set");
        }
        return value;
    }

    private void take(byte[] bytes, int from, int length) {
        boolean isControl = opcode >= Frame.CLOSE;
        if (!isControl && content.length - count < length) {
            long room = Math.max(Math.max(FIRST, 2L * content.length), (long) count + length);
            content = Arrays.copyOf(content, (int) Math.min(room, Math.max(most, count + length)));
        }
        byte[] to = isControl ? control : content;
        int at = isControl ? controlCount : count;
        if (masked) {
            int key = headerLength() - 4;
            for (int i = 0; i < length; i++) {
                to[at + i] = (byte) (bytes[from + i] ^ header[key + ((maskAt + i) & 3)]);
            }
            maskAt = (maskAt + length) & 3;
        } else {
            System.arraycopy(bytes, from, to, at, length);
        }
        if (isControl) {
            controlCount += length;
        } else {
            count += length;
        }
    }

    private @Nullable Message finish() throws ViolationException {
        if (opcode >= Frame.CLOSE) {
            byte[] payload = Arrays.copyOf(control, controlCount);
            return opcode == Frame.CLOSE ? close(payload) : new Message.Ping(opcode == Frame.PONG, payload);
        }
        if (!last) {
            return null;
        }
        byte[] payload = Arrays.copyOf(content, count);
        if (content.length > 64 * FIRST) {
            content = new byte[] {}; // a connection that has sent one large message does not cost its size for ever
        }
        count = 0;
        int whole = kind;
        kind = 0;
        if (whole == Frame.BINARY) {
            return Message.binary(payload);
        }
        try {
            return Message.Text.of(payload);
        } catch (CharacterCodingException e) {
            throw new ViolationException(1007, "a text that is not UTF-8");
        }
    }

    private static Message.Close close(byte[] payload) throws ViolationException {
        if (payload.length == 0) {
            return new Message.Close(Message.Close.NO_CODE, "");
        }
        if (payload.length == 1) {
            throw violation("a close frame of one byte");
        }
        int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!Message.Close.isCode(code)) {
            throw violation("the close code " + code);
        }
        try {
            return new Message.Close(code, Utf8.decode(payload, 2, payload.length - 2));
        } catch (CharacterCodingException e) {
            throw new ViolationException(1007, "a reason that is not UTF-8");
        }
    }

    private static ViolationException violation(String what) {
        return new ViolationException(1002, what);
    }
}
