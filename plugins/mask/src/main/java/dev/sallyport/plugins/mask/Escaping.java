package dev.sallyport.plugins.mask;

import dev.sallyport.json.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * Writes the bytes of a text as those of a JSON text, with the escapes that it needs; halves of a pair of surrogates that
 * stand alone, of three bytes, as one. For one thread.
 */
final class Escaping {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte FIRST = (byte) 0xed;

    private int held; // bytes of what may be half of a pair
    private byte second;

    void write(byte[] bytes, int from, int to, Bytes json) {
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (held == 2) {
                held = 0;
                unicode(0xd000 | ((second & 0x3f) << 6) | (c & 0x3f), json);
            } else if (held == 1 && (c & 0xff) >= 0xa0) {
                held = 2;
                second = c;
            } else {
                end(json);
                if (c == FIRST) {
                    held = 1;
                } else {
                    one(c, json);
                }
            }
        }
    }

    private static void one(byte c, Bytes json) {
        if (c == '"' || c == '\\') {
            json.write('\\');
            json.write(c);
        } else if (c >= 0 && c < ' ') {
            unicode(c, json);
        } else {
            json.write(c);
        }
    }

    /** Writes what was held. */
    void end(Bytes json) {
        if (held == 1) {
            json.write(FIRST);
        }
        held = 0;
    }

    private static void unicode(int c, Bytes json) {
        json.write('\\');
        json.write('u');
        json.write(HEX[c >> 12 & 15]);
        json.write(HEX[c >> 8 & 15]);
        json.write(HEX[c >> 4 & 15]);
        json.write(HEX[c & 15]);
    }
}
