package dev.sallyport.plugins.grpcjson;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a body of gRPC, one after the other (gRPC over HTTP/2, "Length-Prefixed-Message"). Holds one of them at
 * most, and no more of it than has come. For one thread.
 */
final class Frames {

    /** A flag and a length of four bytes. */
    static final int HEAD = 5;

    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final int limit;
    private final String encoding;
    private byte[] buffer = new byte[CHUNK];
    private int from;
    private int to;
    private long before; // bytes before the buffer's first one
    private long messages;

    /**
     * @param limit the most bytes of one message
     * @param encoding what messages are compressed by: {@code identity} or {@code gzip}
     */
    Frames(InputStream in, int limit, String encoding) {
        this.in = in;
        this.limit = limit;
        this.encoding = encoding;
    }

    /** A message with its head. */
    static byte[] framed(byte[] message) {
        byte[] frame = new byte[HEAD + message.length];
        putLength(frame, message.length);
        System.arraycopy(message, 0, frame, HEAD, message.length);
        return frame;
    }

    static void putLength(byte[] frame, int length) {
        frame[1] = (byte) (length >>> 24);
        frame[2] = (byte) (length >>> 16);
        frame[3] = (byte) (length >>> 8);
        frame[4] = (byte) length;
    }

    /** How many messages were given. */
    long messages() {
        return messages;
    }

    /** Whether a whole message, and so something to do without waiting, is here. */
    boolean isAtHand() {
        return to - from >= HEAD && to - from - HEAD >= length();
    }

    /**
     * The next message; null at the end.
     *
     * @throws BadFramesException where what comes is none
     * @throws IOException where it breaks off
     */
    byte @Nullable [] next() throws IOException {
        if (!fill(HEAD)) {
            if (to > from) {
                throw bad("ends within the head of a message");
            }
            return null;
        }
        long length = length();
        byte flag = buffer[from];
        if (flag != 0 && flag != 1) {
            throw bad("no message begins here");
        }
        if (length > limit) {
            throw bad("a message of " + length + " bytes (the limit is " + limit + ")");
        }
        if (!fill(HEAD + (int) length)) {
            throw bad("ends within a message");
        }
        byte[] message = Arrays.copyOfRange(buffer, from + HEAD, from + HEAD + (int) length);
        byte[] plain = flag == 0 ? message : inflated(message);
        from += HEAD + (int) length;
        messages++;
        if (buffer.length > 4 * CHUNK && to - from <= CHUNK) {
            before += from;
            buffer = Arrays.copyOfRange(buffer, from, from + CHUNK);
            to -= from;
            from = 0;
        }
        return plain;
    }

    private long length() {
        return (buffer[from + 1] & 0xffL) << 24
                | (buffer[from + 2] & 0xffL) << 16
                | (buffer[from + 3] & 0xffL) << 8
                | (buffer[from + 4] & 0xffL);
    }

    /** Reads until that many bytes are there; false where it ends before. */
    private boolean fill(int count) throws IOException {
        while (to - from < count) {
            if (from > 0) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                before += from;
                to -= from;
                from = 0;
            }
            if (to == buffer.length) { // twice what has come: a length that is told alone costs nothing
                buffer = Arrays.copyOf(buffer, Math.min(buffer.length * 2, Math.max(count, CHUNK)));
            }
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                return false;
            }
            to += read;
        }
        return true;
    }

    private byte[] inflated(byte[] message) throws BadFramesException {
        if (!encoding.equals("gzip")) {
            throw bad("a compressed message, and grpc-encoding is " + encoding);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.min(limit, message.length * 4));
        try (InputStream zipped = new GZIPInputStream(new ByteArrayInputStream(message))) {
            byte[] part = new byte[CHUNK];
            for (int read = zipped.read(part); read >= 0; read = zipped.read(part)) {
                if (plain.size() + read > limit) {
                    throw bad("a message that has more than " + limit + " bytes without its compression");
                }
                plain.write(part, 0, read);
            }
        } catch (BadFramesException e) {
            throw e;
        } catch (IOException e) {
            throw bad("a message that is not gzip");
        }
        return plain.toByteArray();
    }

    private BadFramesException bad(String what) {
        return new BadFramesException("message " + (messages + 1) + ", at byte " + (before + from) + ": " + what);
    }
}
