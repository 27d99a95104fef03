package dev.sallyport.plugins.mask;

import java.nio.charset.StandardCharsets;

/**
 * Bytes as characters, one each: patterns are of ASCII, which is the same in UTF-8 and in each charset that texts on the web
 * are written in.
 */
final class Latin implements CharSequence {

    private final byte[] bytes;
    private final int from;
    private final int to;

    Latin(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        return (char) (bytes[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new Latin(bytes, from + start, from + end);
    }

    @Override
    public String toString() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
