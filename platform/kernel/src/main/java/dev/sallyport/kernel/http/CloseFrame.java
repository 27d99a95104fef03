package dev.sallyport.kernel.http;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** A WebSocket's close frame that says that this end goes away (RFC 6455 §5.5.1, §7.4.1). */
final class CloseFrame {

    private static final int GOING_AWAY = 1001;
    private static final int LONGEST_REASON = 123;
    private static final SecureRandom RANDOM = new SecureRandom();

    private CloseFrame() {}

    /** As a server sends it. */
    static byte[] toClient(String reason) {
        byte[] payload = payload(reason);
        byte[] frame = new byte[2 + payload.length];
        frame[0] = (byte) 0x88;
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        return frame;
    }

    /** As a client sends it: masked. */
    static byte[] toServer(String reason) {
        byte[] payload = payload(reason);
        byte[] mask = new byte[4];
        RANDOM.nextBytes(mask);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x88;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(mask, 0, frame, 2, mask.length);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ mask[i % 4]);
        }
        return frame;
    }

    private static byte[] payload(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + Math.min(text.length, LONGEST_REASON)];
        payload[0] = (byte) (GOING_AWAY >> 8);
        payload[1] = (byte) GOING_AWAY;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        return payload;
    }
}
