package dev.sallyport.api.message;

import java.security.SecureRandom;
import java.util.Arrays;

/** Writes frames (RFC 6455 §5.2) one after the other into memory. Guarded by its lane. */
final class Frame {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xa;

    static final int LONGEST_CONTROL = 125;
    static final int LONGEST_REASON = LONGEST_CONTROL - 2;

    private static final int USUAL = 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final boolean masks;
    private byte[] bytes = {};
    private int count;
    private byte[] keys = {};
    private int key;

    /** @param masks whether they go to a server */
    Frame(boolean masks) {
        this.masks = masks;
    }

    /** What was written; valid up to {@link #count}. */
    byte[] bytes() {
        return bytes;
    }

    int count() {
        return count;
    }

    /** Forgets what was written, and a buffer that has become large with it. */
    void clear() {
        count = 0;
        if (bytes.length > 64 * USUAL) {
            bytes = new byte[] {};
        }
    }

    void add(Message message) {
        switch (message) {
            case Message.Text text -> add(TEXT, text.bytes());
            case Message.Binary binary -> add(BINARY, binary.bytes());
            case Message.Ping ping -> add(ping.isPong() ? PONG : PING, ping.bytes());
            case Message.Close close -> add(CLOSE, payload(close));
            case Message.Event _ ->
                throw new IllegalArgumentException("an event in a WebSocket (expected: a text or binary message)");
        }
    }

    private static byte[] payload(Message.Close close) {
        if (close.code() == Message.Close.NO_CODE) {
            return new byte[] {};
        }
        byte[] reason = Utf8.cut(close.reason(), LONGEST_REASON);
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (close.code() >> 8);
        payload[1] = (byte) close.code();
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return payload;
    }

    private void add(int opcode, byte[] payload) {
        int length = payload.length;
        room(length + 14);
        bytes[count++] = (byte) (0x80 | opcode);
        int mask = masks ? 0x80 : 0;
        if (length < 126) {
            bytes[count++] = (byte) (mask | length);
        } else if (length < 1 << 16) {
            bytes[count++] = (byte) (mask | 126);
            bytes[count++] = (byte) (length >> 8);
            bytes[count++] = (byte) length;
        } else {
            bytes[count++] = (byte) (mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                bytes[count++] = (byte) ((long) length >> shift);
            }
        }
        if (masks) {
            int at = nextKey();
            System.arraycopy(keys, at, bytes, count, 4);
            count += 4;
            for (int i = 0; i < length; i++) {
                bytes[count + i] = (byte) (payload[i] ^ keys[at + (i & 3)]);
            }
        } else {
            System.arraycopy(payload, 0, bytes, count, length);
        }
        count += length;
    }

    /** Keys that nobody can foretell (RFC 6455 §5.3), some at a time. */
    private int nextKey() {
        if (key == keys.length) {
            keys = keys.length == 0 ? new byte[256] : keys;
            RANDOM.nextBytes(keys);
            key = 0;
        }
        key += 4;
        return key - 4;
    }

    private void room(int more) {
        if (bytes.length - count < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.max(USUAL, 2 * bytes.length), count + more));
        }
    }
}
