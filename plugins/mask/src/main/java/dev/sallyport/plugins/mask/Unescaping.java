package dev.sallyport.plugins.mask;

import dev.sallyport.json.Bytes;

/**
 * A JSON text without its quotes and escapes, in UTF-8, as it comes. Halves of a pair of surrogates that stand alone become
 * three bytes each, as in no valid text, so that they can be written as they were. For one thread.
 */
final class Unescaping {

    private final Bytes plain = new Bytes();
    private int digits; // of an escape that are still to come; -1 right after the backslash
    private int code;
    private int high; // half of a pair that waits for the other one; 0 for none

    void start() {
        digits = 0;
        high = 0;
    }

    /** What those bytes say; valid until the next call. */
    Bytes of(byte[] bytes, int from, int to) {
        plain.clear();
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (digits > 0) {
                code = (code << 4) | Character.digit(c, 16);
                if (--digits == 0) {
                    character(code);
                }
            } else if (digits < 0) {
                digits = 0;
                code = 0;
                switch (c) {
                    case 'u' -> digits = 4;
                    case 'b' -> character('\b');
                    case 'f' -> character('\f');
                    case 'n' -> character('\n');
                    case 'r' -> character('\r');
                    case 't' -> character('\t');
                    default -> character(c);
                }
            } else if (c == '\\') {
                digits = -1;
            } else {
                alone();
                if (c != '"') {
                    plain.write(c);
                }
            }
        }
        return plain;
    }

    private void character(int c) {
        if (high != 0 && Character.isLowSurrogate((char) c)) {
            int pair = Character.toCodePoint((char) high, (char) c);
            high = 0;
            plain.write(0xf0 | (pair >> 18));
            plain.write(0x80 | ((pair >> 12) & 0x3f));
            plain.write(0x80 | ((pair >> 6) & 0x3f));
            plain.write(0x80 | (pair & 0x3f));
            return;
        }
        alone();
        if (Character.isHighSurrogate((char) c)) {
            high = c;
        } else {
            write(c);
        }
    }

    /** What waited for another half does so in vain. */
    private void alone() {
        if (high != 0) {
            write(high);
            high = 0;
        }
    }

    private void write(int c) {
        if (c < 0x80) {
            plain.write(c);
        } else if (c < 0x800) {
            plain.write(0xc0 | (c >> 6));
            plain.write(0x80 | (c & 0x3f));
        } else {
            plain.write(0xe0 | (c >> 12));
            plain.write(0x80 | ((c >> 6) & 0x3f));
            plain.write(0x80 | (c & 0x3f));
        }
    }
}
