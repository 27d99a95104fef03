package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/** The body of a response, read from the connection by the thread that wants it. */
final class JettyResponseBody implements BufferBody {

    /** What has come already is read away up to this many bytes, so that the connection of a small rest is kept. */
    private static final int READ_AWAY = 64 * 1024;

    private final JettyCall call;
    private final Response response;
    private final Content.Source source;
    private final long length;
    private final boolean endsWithConnection;

    /** Read ahead, by the thread that made this. */
    private Content.@Nullable Chunk ahead;

    private boolean atEnd;

    private Content.@Nullable Chunk chunk;
    private long came;
    private boolean taken;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException broken;
    private boolean brokenByTarget;
    private Headers trailers = Headers.empty();

    private final Invocable.Task onData = new Invocable.Task.Abstract(Invocable.InvocationType.NON_BLOCKING) {
        @Override
        public void run() {
            dataCame = true;
            LockSupport.unpark(reader);
        }
    };
    private volatile boolean dataCame;
    private volatile @Nullable Thread reader;

    /** @param none whether method or status say that there is none, whatever the head says */
    JettyResponseBody(JettyCall call, Response response, Content.Source source, boolean none) {
        this.call = call;
        this.response = response;
        this.source = source;
        length = none ? 0 : response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        endsWithConnection = length < 0 && !response.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        take();
        return new Stream();
    }

    @Override
    public void drainTo(Sink sink) throws IOException {
        take();
        for (Content.Chunk next = next(); next != null; next = next()) {
            sink.write(next.getByteBuffer());
        }
    }

    @Override
    public @Nullable IOException brokenOff() {
        return brokenByTarget ? broken : null;
    }

    @Override
    public boolean isAtHand() {
        if (ahead == null && !atEnd) {
            Content.Chunk now = source.read();
            if (Content.Chunk.isFailure(now)) {
                return true; // left there, for whoever reads
            }
            ahead = now;
        }
        return ahead != null || atEnd;
    }

    private void take() {
        if (taken || closed) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        taken = true;
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    /** Reads what has come with the head, where that may be all, and says whether it is. */
    boolean readAhead() {
        if (length > 0 || (length < 0 && response.getVersion() == HttpVersion.HTTP_2)) {
            ahead = readNow();
        }
        if (ahead != null && ahead.isLast() && !ahead.hasRemaining()) {
            ahead = null; // a head alone
            atEnd = true;
        } else if (length == 0 || (ahead != null && ahead.remaining() == length)) {
            Content.Chunk end = readNow();
            atEnd = end != null && end.isLast();
        }
        return atEnd;
    }

    /** A failure is left there, for whoever reads. */
    private Content.@Nullable Chunk readNow() {
        Content.Chunk now = source.read();
        return Content.Chunk.isFailure(now) ? null : now;
    }

    private Content.@Nullable Chunk take(Content.@Nullable Chunk before) {
        if (before != null && before.isLast()) {
            return Content.Chunk.EOF;
        }
        Content.Chunk first = ahead;
        ahead = null;
        return first != null ? first : atEnd ? Content.Chunk.EOF : source.read();
    }

    /** The next chunk that has bytes; null at the end. The one before is given back. */
    private Content.@Nullable Chunk next() throws IOException {
        check();
        while (!ended) {
            Content.Chunk before = releaseChunk();
            Content.Chunk next = take(before);
            if (next == null) {
                awaitData();
            } else if (Content.Chunk.isFailure(next)) {
                throw broken(next.getFailure());
            } else {
                chunk = next;
                if (next.hasRemaining()) {
                    came += next.remaining();
                    endEarly();
                    return next;
                }
                if (next.isLast()) {
                    if (endsWithConnection && call.wasReset()) {
                        throw broken(new SocketException("the connection was reset"));
                    }
                    if (length >= 0 && came != length) {
                        throw broken(
                                new EOFException("it ended the stream after " + came + " of " + length + " bytes"));
                    }
                    end();
                }
            }
        }
        releaseChunk();
        return null;
    }

    /** Once all bytes that were announced are here the connection is given back, before a slow client has taken them. */
    private void endEarly() {
        if (came == length && !atEnd) {
            Content.Chunk after = readNow();
            atEnd = after != null && after.isLast();
        }
    }

    private void end() {
        ended = true;
        HttpFields fields = response.getTrailers();
        if (fields != null) {
            trailers = Fields.received(fields, false);
        }
        call.responseRead();
    }

    /** Gives back the chunk at hand, and returns it for what it says. */
    private Content.@Nullable Chunk releaseChunk() {
        Content.Chunk before = chunk;
        chunk = null;
        if (before != null) {
            before.release();
        }
        return before;
    }

    private void awaitData() throws IOException {
        Duration idle = call.outgoing().timeouts().idle();
        reader = Thread.currentThread();
        dataCame = false;
        source.demand(onData);
        long deadline = System.nanoTime() + idle.toNanos();
        while (!dataCame) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw broken(new SocketTimeoutException(
                        "the response of " + call.outgoing().target() + " paused for " + Failures.text(idle) + " after "
                                + came + " bytes"));
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw broken(new InterruptedIOException("interrupted while reading"));
            }
        }
    }

    private IOException broken(Throwable reason) {
        call.abort(reason);
        Throwable first = call.failure();
        if (first != null && call.isFromBody(first)) {
            broken = Failures.thrownOfBody(first);
            return broken;
        }
        IOException told = Failures.within(call.outgoing().target(), came, first == null ? reason : first);
        brokenByTarget = Failures.isOfTarget(call.outgoing(), reason, first == null ? reason : first);
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
        Content.Chunk last = releaseChunk();
        if (broken == null) {
            call.responseClosed(ended || (last != null && last.isLast()) || readAway());
        }
    }

    private boolean readAway() {
        int bytes = 0;
        Content.Chunk before = null;
        while (bytes < READ_AWAY) {
            Content.Chunk next = take(before);
            if (next == null || Content.Chunk.isFailure(next)) {
                return false;
            }
            bytes += next.remaining();
            next.release();
            if (next.isLast()) {
                end();
                return true;
            }
            before = next;
        }
        return false;
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
            if (from == null && !closed && isAtHand() && ahead != null) {
                return ahead.remaining();
            }
            return from == null || closed ? 0 : from.remaining();
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            long sum = 0;
            byte[] copy = {};
            for (ByteBuffer from = more(); from != null; from = more()) {
                int count = from.remaining();
                if (from.hasArray()) {
                    out.write(from.array(), from.arrayOffset() + from.position(), count);
                    from.position(from.limit());
                } else {
                    copy = copy.length < count ? new byte[count] : copy;
                    from.get(copy, 0, count);
                    out.write(copy, 0, count);
                }
                sum += count;
            }
            return sum;
        }

        @Override
        public void close() {
            JettyResponseBody.this.close();
        }

        private @Nullable ByteBuffer more() throws IOException {
            check();
            if (bytes == null || !bytes.hasRemaining()) {
                Content.Chunk next = next();
                bytes = next == null ? null : next.getByteBuffer();
            }
            return bytes;
        }
    }
}
