package dev.sallyport.plugins.grpcweb;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes of base64 (RFC 4648 §4) as they come. Pieces that are padded each on their own may follow each other, as clients
 * of gRPC-Web send them. For one thread.
 */
final class Base64Input extends InputStream {

    private static final int CHUNK = 8 * 1024;
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            VALUES[alphabet.charAt(i)] = (byte) i;
        }
    }

    private final InputStream in;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] out = new byte[CHUNK];
    private int given;
    private int made;
    private int bits;
    private int characters; // of a group of four
    private int padding;
    private long position;

    Base64Input(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (given == made) {
            given = 0;
            made = 0;
            int read = in.read(chunk, 0, CHUNK);
            if (read < 0) {
                if (characters > 0) {
                    throw bad("ends within a group of four characters");
                }
                return -1;
            }
            for (int i = 0; i < read; i++) {
                take(chunk[i]);
            }
        }
        int count = Math.min(length, made - given);
        System.arraycopy(out, given, bytes, offset, count);
        given += count;
        return count;
    }

    private void take(byte c) throws IOException {
        position++;
        if (c == '=') {
            if (characters < 2) {
                throw bad("padding that is not expected");
            }
            padding++;
            bits <<= 6;
        } else {
            int value = c < 0 ? -1 : VALUES[c];
            if (value < 0 || padding > 0) {
                throw bad("no base64");
            }
            bits = bits << 6 | value;
        }
        if (++characters == 4) {
            out[made++] = (byte) (bits >> 16);
            if (padding < 2) {
                out[made++] = (byte) (bits >> 8);
            }
            if (padding < 1) {
                out[made++] = (byte) bits;
            }
            characters = 0;
            padding = 0;
            bits = 0;
        }
    }

    private BadMessageException bad(String what) {
        return new BadMessageException(3, "the body, at character " + position + ": " + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
