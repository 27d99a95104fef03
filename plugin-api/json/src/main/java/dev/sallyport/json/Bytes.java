package dev.sallyport.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end. For one thread. */
public final class Bytes {

    private byte[] bytes = new byte[256];
    private int size;

    /** Makes one without bytes. */
    public Bytes() {}

    /** How many there are. */
    public int size() {
        return size;
    }

    /** One of them. */
    public byte at(int index) {
        return bytes[index];
    }

    /** Appends one. */
    public void write(int one) {
        grow(1);
        bytes[size++] = (byte) one;
    }

    /** Appends all. */
    public void write(byte[] more) {
        write(more, 0, more.length);
    }

    /** Appends those from one index to before another. */
    public void write(byte[] more, int from, int to) {
        int count = to - from;
        grow(count);
        System.arraycopy(more, from, bytes, size, count);
        size += count;
    }

    /** Appends others, from one index to before another. */
    public void write(Bytes more, int from, int to) {
        write(more.bytes, from, to);
    }

    /** Forgets them; a large array is let go. */
    public void clear() {
        size = 0;
        if (bytes.length > 64 * 1024) {
            bytes = new byte[256];
        }
    }

    /** Copies some of them. */
    public void copy(int from, byte[] to, int offset, int count) {
        System.arraycopy(bytes, from, to, offset, count);
    }

    /** The text in UTF-8 from one index to before another. */
    public String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** The array that holds them, not to be changed; good until the next change. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of all. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void grow(int count) {
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
        }
    }
}
