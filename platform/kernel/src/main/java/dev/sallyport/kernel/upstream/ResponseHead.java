package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of a response (RFC 9112 §4, §5).
 *
 * @param status 100 to 599
 * @param headers those of the response: the connection's own are taken off
 * @param length what {@code Content-Length} says; -1 where it says nothing
 * @param chunked whether the body comes in chunks
 * @param keeps whether the target keeps the connection
 */
record ResponseHead(int status, Headers headers, long length, boolean chunked, boolean keeps) {

    /** The most bytes of a head. */
    static final int LARGEST = 64 * 1024;

    private static final byte[] BEGIN = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    /**
     * Where the head that begins at the buffer's position ends.
     *
     * @param from where to begin to look: what is before was looked at already
     * @return the index after its empty line; -1 where that has not come
     * @throws ProtocolException where it is none
     */
    static int end(ByteBuffer buffer, int from) throws ProtocolException {
        int start = buffer.position();
        int limit = buffer.limit();
        for (int i = 0; i < BEGIN.length && start + i < limit; i++) {
            if (buffer.get(start + i) != BEGIN[i]) {
                throw new ProtocolException("it does not begin with HTTP/1.");
            }
        }
        for (int i = Math.max(start + 3, from); i < limit; i++) {
            if (buffer.get(i) == '\n'
                    && buffer.get(i - 1) == '\r'
                    && buffer.get(i - 2) == '\n'
                    && buffer.get(i - 3) == '\r') {
                return i + 1;
            }
        }
        if (limit - start > LARGEST) {
            throw new ProtocolException("its head has more than 64KiB");
        }
        return -1;
    }
}
