package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, read from the connection by the thread that wants it: of a length, in chunks, or until the end of
 * the connection (RFC 9112 §6.3, §7.1). Once all of it has come the connection is given back, before a slow client has taken
 * the last bytes.
 */
final class ResponseBody implements BufferBody {

    /** A line before or after a chunk may not be longer; fields after the last one not longer together. */
    private static final int LONGEST_LINE = 4 * 1024;

    private final Call call;
    private final @Nullable Connection connection;
    private final boolean chunked;
    private final long length;

    private @Nullable ByteBuffer buffer;

    /** What {@link #next} has given: a part of the buffer. */
    private @Nullable ByteBuffer piece;

    /** What is left of the length or of the chunk at hand. */
    private long left;

    private boolean inChunk;
    private boolean over;

    private long came;
    private boolean taken;
    private boolean closed;
    private @Nullable IOException broken;
    private boolean brokenByTarget;
    private Headers trailers = Headers.empty();

    /** @param buffer what has come of it already, and after it; this owns it */
    ResponseBody(Call call, Connection connection, ResponseHead head, ByteBuffer buffer) {
        this.call = call;
        this.connection = connection;
        this.buffer = buffer;
        chunked = head.chunked();
        length = head.length();
        left = Math.max(0, length);
        endEarly();
    }

    private ResponseBody(Call call) {
        this.call = call;
        connection = null;
        chunked = false;
        length = 0;
        over = true;
    }

    /** No bytes, of a response whose request is still being sent: closing it ends that. */
    static ResponseBody none(Call call) {
        return new ResponseBody(call);
    }

    /** Too long a pause within a body. */
    static SocketTimeoutException paused(Outgoing outgoing) {
        return new SocketTimeoutException("the response of " + outgoing.target() + " paused for "
                + Failures.text(outgoing.timeouts().idle()));
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public InputStream open() {
        take();
        return new Stream();
    }

    @Override
    public void drainTo(Sink sink) throws IOException {
        take();
        for (ByteBuffer next = next(); next != null; next = next()) {
            sink.write(next);
        }
    }

    @Override
    public @Nullable IOException brokenOff() {
        return brokenByTarget ? broken : null;
    }

    @Override
    public boolean isAtHand() {
        ByteBuffer here = buffer;
        return over || (here != null && here.hasRemaining());
    }

    private void take() {
        if (taken || closed) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        taken = true;
    }

    /** The next bytes, which are to be used before the next call; null at the end. */
    private @Nullable ByteBuffer next() throws IOException {
        check();
        try {
            if (chunked && left == 0 && !over) {
                beginChunk();
            }
            if (over && left == 0) {
                giveBackBuffer();
                return null;
            }
            ByteBuffer from = Objects.requireNonNull(buffer);
            if (!from.hasRemaining() && !fill()) {
                if (length >= 0 || chunked) {
                    throw new EOFException();
                }
                end(false); // the connection ends with the body
                giveBackBuffer();
                return null;
            }
            int count = length >= 0 || chunked ? (int) Math.min(left, from.remaining()) : from.remaining();
            ByteBuffer given = from.slice(from.position(), count);
            piece = given;
            from.position(from.position() + count);
            came += count;
            if (length >= 0 || chunked) {
                left -= count;
            }
            endEarly();
            return given;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Gives the connection back where all bytes are here, taken or not. */
    private void endEarly() {
        ByteBuffer here = buffer;
        if (!over && length >= 0 && here != null && here.remaining() >= left) {
            end(here.remaining() == left);
        }
    }

    private void end(boolean clean) {
        over = true;
        call.responseRead(clean);
    }

    private void giveBackBuffer() {
        ByteBuffer last = buffer;
        buffer = null;
        if (last != null) {
            call.room().giveBack(last);
        }
    }

    /** Reads more; false at the end of the connection. */
    private boolean fill() throws IOException {
        ByteBuffer into = Objects.requireNonNull(buffer);
        into.clear().limit(0);
        call.awaitingBody();
        int count = call.readInto(Objects.requireNonNull(connection), into);
        call.bodyCame();
        return count >= 0;
    }

    /** Reads the line before a chunk; after the last one also the trailers. */
    private void beginChunk() throws IOException {
        if (inChunk) {
            expect('\r');
            expect('\n');
        }
        inChunk = true;
        left = chunkSize();
        if (left > 0) {
            return;
        }
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (String line = line(); !line.isEmpty(); line = line()) {
            fields.writeBytes((line + "\r\n").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            if (fields.size() > ResponseHead.LARGEST) {
                throw new ProtocolException("its trailers have more than 64KiB");
            }
        }
        if (fields.size() > 0) {
            fields.writeBytes(new byte[] {'\r', '\n'});
            trailers = new ResponseHeadReader().trailers(fields.toByteArray());
        }
        end(!Objects.requireNonNull(buffer).hasRemaining());
    }

    private long chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (digits.isEmpty() || digits.length() > 15) {
            throw new ProtocolException("a chunk's size is " + line);
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new ProtocolException("a chunk's size is " + line);
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(16);
        for (char c = (char) one(); c != '\r'; c = (char) one()) {
            if (c == '\n' || line.length() == LONGEST_LINE) {
                throw new ProtocolException("a line between its chunks is too long, or ends without CR");
            }
            line.append(c);
        }
        expect('\n');
        return line.toString();
    }

    private void expect(char wanted) throws IOException {
        if (one() != wanted) {
            throw new ProtocolException("a line end between its chunks is missing");
        }
    }

    private int one() throws IOException {
        if (!Objects.requireNonNull(buffer).hasRemaining() && !fill()) {
            throw new EOFException();
        }
        return Objects.requireNonNull(buffer).get() & 0xff;
    }

    private IOException broken(IOException thrown) {
        call.fail(thrown);
        Throwable first = call.failure();
        Throwable reason = first == null ? thrown : first;
        if (call.isFromBody(reason)) {
            broken = Failures.thrownOfBody(reason);
            return broken;
        }
        IOException told;
        if (reason instanceof ClosedByInterruptException) {
            Thread.currentThread().interrupt();
            told = new InterruptedIOException("interrupted while reading");
        } else {
            told = reason instanceof ProtocolException
                    ? Failures.notHttp(call.outgoing().target(), reason)
                    : Failures.within(call.outgoing().target(), came, reason);
            brokenByTarget = Failures.isOfTarget(call.outgoing(), thrown, reason);
        }
        broken = told;
        return told;
    }

    private void check() throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (closed) {
            throw new IOException("body: closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (broken == null) {
            call.responseClosed(over || hasAllCome());
        }
        ByteBuffer given = piece;
        if (!taken || (over && given != null && !given.hasRemaining())) {
            giveBackBuffer();
        }
        buffer = null; // where a reader may still be at it, no other response may be read into it
    }

    /** What has come already is read away, so that the connection of a small rest is kept. */
    private boolean hasAllCome() {
        ByteBuffer here = buffer;
        if (!chunked || here == null) {
            return false;
        }
        try {
            here.position(here.position() + (int) Math.min(left, here.remaining()));
            while (!over && left <= here.remaining() && hasLineEnd(here)) {
                left = 0;
                beginChunk();
                here.position(here.position() + (int) Math.min(left, here.remaining()));
            }
        } catch (IOException e) {
            return false;
        }
        return over;
    }

    /** Whether the rest of the body is certainly in the buffer, so that reading it waits for nobody. */
    private static boolean hasLineEnd(ByteBuffer here) {
        int end = here.limit();
        return here.remaining() >= 5
                && here.get(end - 1) == '\n'
                && here.get(end - 2) == '\r'
                && here.get(end - 3) == '\n'
                && here.get(end - 4) == '\r';
    }

    private final class Stream extends InputStream {

        private @Nullable ByteBuffer bytes;

        @Override
        public int read() throws IOException {
            ByteBuffer from = more();
            return from == null ? -1 : from.get() & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, to.length);
            if (count == 0) {
                return 0;
            }
            ByteBuffer from = more();
            if (from == null) {
                return -1;
            }
            int copied = Math.min(count, from.remaining());
            from.get(to, offset, copied);
            return copied;
        }

        @Override
        public int available() {
            ByteBuffer from = bytes;
            if (from == null && !closed) {
                return buffer != null && buffer.hasRemaining() ? 1 : 0; // how many is known once a chunk has begun
            }
            return from == null || closed ? 0 : from.remaining();
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            long sum = 0;
            byte[] copy = new byte[16 * 1024];
            for (int count = read(copy, 0, copy.length); count >= 0; count = read(copy, 0, copy.length)) {
                out.write(copy, 0, count);
                sum += count;
            }
            return sum;
        }

        @Override
        public void close() {
            ResponseBody.this.close();
        }

        private @Nullable ByteBuffer more() throws IOException {
            check();
            ByteBuffer now = bytes;
            if (now == null || !now.hasRemaining()) {
                now = next();
                bytes = now;
            }
            return now;
        }
    }
}
