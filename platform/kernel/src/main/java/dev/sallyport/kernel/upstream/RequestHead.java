package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The head of a request as bytes (RFC 9112 §3, §5), and after it a body that is in memory. */
final class RequestHead {

    private static final int LARGEST = 64 * 1024;

    private byte[] bytes;
    private int size;

    private RequestHead(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Writes the head.
     *
     * @param into where to, if there is room; else a larger array is made
     * @param length of the body; -1 for one that goes in chunks
     * @param body follows at once
     * @throws UnsendableRequestException where it cannot be sent as it is
     */
    static ByteBuffer write(byte[] into, Outgoing request, long length, byte[] body) throws UnsendableRequestException {
        check(request);
        RequestHead head = new RequestHead(into);
        head.requestLine(request);
        Headers fields = request.headers();
        for (int i = 0; i < fields.size(); i++) {
            if (!Fields.isMadeByTheWire(fields.name(i))) {
                head.field(fields.name(i), fields.value(i));
            }
        }
        String upgrade = request.upgrade();
        if (upgrade != null) {
            head.field("Connection", "Upgrade");
            head.field("Upgrade", upgrade);
        } else if (request.acceptsTrailers()) {
            head.field("TE", "trailers");
            head.field("Connection", "TE");
        }
        if (length < 0) {
            head.field("Transfer-Encoding", "chunked");
        } else if (length > 0 || hasBodyByRights(request.method())) {
            head.field("Content-Length", Long.toString(length));
        }
        head.lineEnd();
        if (head.size > LARGEST) {
            throw new UnsendableRequestException("head: " + head.size + " bytes (expected: 64KiB or less)", null);
        }
        return head.with(body);
    }

    private static boolean hasBodyByRights(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    private static void check(Outgoing request) throws UnsendableRequestException {
        if (request.method().equalsIgnoreCase("CONNECT")) {
            throw new UnsendableRequestException("method: CONNECT (expected: one that asks for a resource)", null);
        }
        String path = request.requestTarget().path();
        for (int at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
            if (at + 2 >= path.length()
                    || Character.digit(path.charAt(at + 1), 16) < 0
                    || Character.digit(path.charAt(at + 2), 16) < 0) {
                throw new UnsendableRequestException(
                        "path: " + path + " (expected: % and two hexadecimal digits)", null);
            }
        }
    }

    private void requestLine(Outgoing request) throws UnsendableRequestException {
        String query = request.requestTarget().query();
        visible(request.method());
        put(' ');
        visible(request.requestTarget().path());
        if (query != null) {
            put('?');
            visible(query);
        }
        text(" HTTP/1.1\r\n");
    }

    private void field(String name, String value) {
        text(name);
        text(": ");
        text(value);
        lineEnd();
    }

    private void lineEnd() {
        put('\r');
        put('\n');
    }

    /** A text that must not end its part of the line. */
    private void visible(String text) throws UnsendableRequestException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                throw new UnsendableRequestException(
                        "request line: a character of code " + (int) c + " (expected: it encoded with %)", null);
            }
        }
        text(text);
    }

    @SuppressWarnings("deprecation") // copies Latin-1 as it is, which is what a head is made of, without another array
    private void text(String text) {
        int length = text.length();
        room(length);
        text.getBytes(0, length, bytes, size);
        size += length;
    }

    private void put(char c) {
        room(1);
        bytes[size++] = (byte) c;
    }

    private ByteBuffer with(byte[] body) {
        if (body.length > 0) {
            room(body.length);
            System.arraycopy(body, 0, bytes, size, body.length);
        }
        return ByteBuffer.wrap(bytes, 0, size + body.length);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
