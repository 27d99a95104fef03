package dev.sallyport.kernel.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Many fields of a head of HTTP/1 as bytes (RFC 9112 §5), which Jetty puts into the head in one piece; fields of its own it
 * writes character by character, which costs a twentieth of a forwarded request. For names and values that
 * {@link dev.sallyport.api.Headers} has checked, and that say nothing of the message's framing. Used again once it is
 * written; not thread-safe.
 */
final class FieldBlock extends PreEncodedHttpField {

    private static final int USUAL = 1024;

    private byte[] bytes = new byte[USUAL];
    private int size;

    FieldBlock() {
        super("fields", ""); // a name that nobody sees: the bytes stand for the whole of it
    }

    @SuppressWarnings(
            "deprecation") // copies Latin-1 as it is, which is all that a value may hold, without another array
    void add(String name, String value) {
        int end = size + name.length() + value.length() + 4;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end));
        }
        name.getBytes(0, name.length(), bytes, size);
        int at = size + name.length();
        bytes[at++] = ':';
        bytes[at++] = ' ';
        value.getBytes(0, value.length(), bytes, at);
        bytes[end - 2] = '\r';
        bytes[end - 1] = '\n';
        size = end;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Makes it empty, and small again where it has grown large. */
    void clear() {
        size = 0;
        if (bytes.length > 8 * USUAL) {
            bytes = new byte[USUAL];
        }
    }

    @Override
    public void putTo(ByteBuffer into, HttpVersion version) {
        into.put(bytes, 0, size);
    }

    @Override
    public int getEncodedLength(HttpVersion version) {
        return size;
    }
}
