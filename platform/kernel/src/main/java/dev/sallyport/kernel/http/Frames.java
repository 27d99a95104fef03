package dev.sallyport.kernel.http;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455 §5.2) as their bytes pass, to know where one ends; it does
 * not look at what they carry. Not thread-safe.
 */
final class Frames {

    private static final int CLOSE = 0x8;

    private final byte[] header = new byte[14];
    private int headerBytes;
    private long payload;
    private boolean closed;

    /** Whether the next byte is the first of a frame. */
    boolean isBetween() {
        return headerBytes == 0 && payload == 0;
    }

    /** Whether a close frame has passed: its sender sends no other frame. */
    boolean isClosed() {
        return closed && isBetween();
    }

    /** Follows all of these bytes. */
    void follow(byte[] bytes, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            at += step(bytes, at, end);
        }
    }

    /** Follows bytes to the end of the frame that is under way, or of the bytes; returns how many of them that are. */
    int followToEnd(byte[] bytes, int offset, int count) {
        int at = offset;
        int end = offset + count;
        while (at < end && !isBetween()) {
            at += step(bytes, at, end);
        }
        return at - offset;
    }

    private int step(byte[] bytes, int at, int end) {
        if (payload > 0) {
            int passed = (int) Math.min(payload, end - at);
            payload -= passed;
            return passed;
        }
        header[headerBytes++] = bytes[at];
        if (headerBytes >= 2 && headerBytes == headerLength()) {
            payload = payloadLength();
            closed |= (header[0] & 0x0f) == CLOSE;
            headerBytes = 0;
        }
        return 1;
    }

    private int headerLength() {
        int length = header[1] & 0x7f;
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        return 2 + extended + ((header[1] & 0x80) != 0 ? 4 : 0);
    }

    private long payloadLength() {
        int length = header[1] & 0x7f;
        int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (extended == 0) {
            return length;
        }
        long long64 = 0;
        for (int i = 0; i < extended; i++) {
            long64 = (long64 << 8) | (header[2 + i] & 0xff);
        }
        return long64 < 0 ? Long.MAX_VALUE : long64; // the first bit must be 0; what breaks that has no next frame
    }
}
