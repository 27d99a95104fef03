package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/** The body of a response, read from the connection by the thread that wants it. */
final class ResponseBody implements BufferBody {

    /** What has come already is read away up to this many bytes, so that the connection of a small rest is kept. */
    private static final int READ_AWAY = 64 * 1024;

    private final Call call;
    private final Response response;
    private final Content.Source source;
    private final long length;
    private Content.@Nullable Chunk chunk;
    private long came;
    private boolean taken;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException broken;
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

    ResponseBody(Call call, Response response, Content.Source source, long length) {
        this.call = call;
        this.response = response;
        this.source = source;
        this.length = length;
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

    /** Ends it where it has no bytes, as its head says; the connection is free again then. */
    boolean endNow() {
        Content.Chunk first = source.read();
        if (first == null || Content.Chunk.isFailure(first)) {
            return false; // the failure is there again for whoever reads
        }
        first.release();
        if (first.isLast()) {
            end();
        }
        return ended;
    }

    /** The next chunk that has bytes; null at the end. The one before is given back. */
    private Content.@Nullable Chunk next() throws IOException {
        check();
        while (!ended) {
            boolean last = releaseChunk();
            Content.Chunk next = last ? Content.Chunk.EOF : source.read();
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
                    end();
                }
            }
        }
        releaseChunk();
        return null;
    }

    /** Once all bytes that were announced are here the connection is given back, before a slow client has taken them. */
    private void endEarly() {
        if (came == length) {
            Content.Chunk after = source.read();
            if (after != null && after.isLast() && !Content.Chunk.isFailure(after)) {
                end();
            }
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

    /** Gives back the chunk at hand; whether it was the last. */
    private boolean releaseChunk() {
        Content.Chunk before = chunk;
        if (before == null) {
            return false;
        }
        chunk = null;
        boolean last = before.isLast();
        before.release();
        return last;
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
                throw broken(new SocketTimeoutException("the response of " + call.outgoing().target() + " paused for "
                        + Call.text(idle) + " after " + came + " bytes"));
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
        IOException told = Failures.within(call.outgoing().target(), came, first == null ? reason : first);
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
        releaseChunk();
        if (broken == null) {
            call.responseClosed(ended || readAway());
        }
    }

    private boolean readAway() {
        int bytes = 0;
        while (bytes < READ_AWAY) {
            Content.Chunk next = source.read();
            if (next == null || Content.Chunk.isFailure(next)) {
                return false;
            }
            bytes += next.remaining();
            boolean last = next.isLast();
            next.release();
            if (last) {
                end();
                return true;
            }
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
            ResponseBody.this.close();
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
