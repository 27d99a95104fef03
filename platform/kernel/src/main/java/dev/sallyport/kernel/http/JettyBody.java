package dev.sallyport.kernel.http;

import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.MalformedBodyException;
import dev.sallyport.kernel.chain.RequestTimeoutException;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The body of a client's request: read from the connection as it is asked for, so that the client is never ahead. */
final class JettyBody implements BufferBody {

    private final Request request;
    private final LiveExchange exchange;
    private final long length;
    private final Patience patience;
    private final Consumer<Limit> onLimit;
    private final Runnable onEnd;
    private Content.@Nullable Chunk first;
    private boolean opened;
    private volatile boolean closed;

    /**
     * @param length how many bytes it has; -1 where that is not known
     * @param first what has been read of it already, to see whether there is any; or null
     * @param patience how long the client is waited for
     * @param onLimit told which limit it has met
     * @param onEnd called when the last byte has been read
     */
    JettyBody(
            Request request,
            LiveExchange exchange,
            long length,
            Content.@Nullable Chunk first,
            Patience patience,
            Consumer<Limit> onLimit,
            Runnable onEnd) {
        this.request = request;
        this.exchange = exchange;
        this.length = length;
        this.first = first;
        this.patience = patience;
        this.onLimit = onLimit;
        this.onEnd = onEnd;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        return stream();
    }

    @Override
    public void drainTo(Sink sink) throws IOException {
        try (Stream stream = stream()) {
            while (stream.next()) {
                stream.giveTo(sink);
            }
        }
    }

    @Override
    public boolean isAtHand() {
        if (first == null && !opened && !closed) {
            first = request.read();
        }
        return first != null;
    }

    @Override
    public byte @Nullable [] whole(int most) {
        boolean may = length > 0 && length <= Math.min(most, exchange.maxBody());
        Content.Chunk come = may && isAtHand() ? first : null;
        if (come == null
                || come.remaining() != length
                || Content.Chunk.isFailure(come)
                || !(come.isLast() || endsByLength())) {
            return null;
        }
        byte[] bytes = new byte[(int) length];
        try (Stream stream = stream()) {
            stream.giveTo(all -> all.get(bytes));
            stream.lookForEnd();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return bytes;
    }

    /** Over HTTP/2 more may follow that makes the request malformed (RFC 9113 §8.1.1). */
    private boolean endsByLength() {
        return request.getConnectionMetaData().getHttpVersion().getVersion() < HttpVersion.HTTP_2.getVersion();
    }

    private Stream stream() {
        if (opened || closed) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        opened = true;
        Stream stream = new Stream(first);
        first = null;
        return stream;
    }

    @Override
    public Headers trailers() {
        HttpFields trailers = request.getTrailers();
        return trailers == null ? Headers.empty() : JettyHeaders.toHeaders(trailers);
    }

    @Override
    public void close() {
        closed = true;
        if (!opened && first != null) {
            first.release();
            first = null;
        }
    }

    /** Hands Jetty's chunks on; a read blocks its virtual thread until the next one has come. */
    private final class Stream extends InputStream {

        private Content.@Nullable Chunk chunk;
        private boolean ended;
        private long taken;
        private long waitedNanos;

        Stream(Content.@Nullable Chunk first) {
            chunk = first;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            return next() ? take(bytes, offset, count) : -1;
        }

        /** Waits for bytes; false at the end of the body. */
        boolean next() throws IOException {
            if (length > exchange.maxBody()) {
                throw tooLarge();
            }
            while (true) {
                if (ended) {
                    if (taken < length) { // over HTTP/2, where the head ends the stream (RFC 9113 §8.1.1)
                        throw new MalformedBodyException("it is shorter than its length");
                    }
                    return false;
                }
                if (closed) {
                    throw new IOException("the body was closed");
                }
                if (chunk == null) {
                    chunk = request.read();
                }
                if (chunk == null) {
                    await();
                } else if (Content.Chunk.isFailure(chunk)) {
                    throw broken(chunk.getFailure());
                } else if (chunk.hasRemaining()) {
                    return true;
                } else {
                    end(chunk);
                }
            }
        }

        private int take(byte[] bytes, int offset, int count) throws BodyTooLargeException {
            Content.Chunk from = come();
            int now = Math.min(count, from.remaining());
            count(now);
            from.getByteBuffer().get(bytes, offset, now);
            if (!from.hasRemaining()) {
                end(from);
            }
            return now;
        }

        /** Gives all bytes of the chunk that has come. */
        void giveTo(Sink sink) throws IOException {
            Content.Chunk from = come();
            count(from.remaining());
            sink.write(from.getByteBuffer());
            end(from);
        }

        /** The end is a chunk of its own, which is there with the last bytes, or soon. */
        void lookForEnd() {
            if (!ended) {
                chunk = request.read();
            }
            if (chunk != null && chunk.isLast() && !chunk.hasRemaining() && !Content.Chunk.isFailure(chunk)) {
                end(chunk);
            }
        }

        private Content.Chunk come() {
            Content.Chunk come = chunk;
            if (come == null) {
                throw new IllegalStateException("no chunk has come");
            }
            return come;
        }

        private void count(int bytes) throws BodyTooLargeException {
            if (taken + bytes > exchange.maxBody()) {
                throw tooLarge(); // nothing of these bytes is passed on, so that no reader finds an end at the limit
            }
            taken += bytes;
            exchange.readBytes(bytes);
        }

        private BodyTooLargeException tooLarge() {
            onLimit.accept(Limit.MAX_BODY);
            return new BodyTooLargeException(exchange.maxBody());
        }

        private void end(Content.Chunk done) {
            boolean last = done.isLast();
            done.release();
            chunk = null;
            if (last) {
                ended = true;
                onEnd.run();
            }
        }

        private void await() throws IOException {
            Thread reader = Thread.currentThread();
            AtomicBoolean come = new AtomicBoolean();
            request.demand(() -> {
                come.set(true);
                LockSupport.unpark(reader);
            });
            long began = System.nanoTime();
            long giveUp = began + patience.pause().toNanos();
            while (!come.get()) {
                LockSupport.parkNanos(request, giveUp - System.nanoTime());
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while reading the request's body");
                }
                if (!come.get() && System.nanoTime() - giveUp >= 0) {
                    if (!mayPause()) {
                        onLimit.accept(Limit.BODY_TIMEOUT);
                        throw new RequestTimeoutException();
                    }
                    giveUp += patience.pause().toNanos();
                }
            }
            waitedNanos += System.nanoTime() - began;
            if (patience.isTooSlow(taken, waitedNanos) && !mayPause()) {
                onLimit.accept(Limit.BODY_RATE);
                throw new RequestTimeoutException();
            }
        }

        /** Messages may come one by one, as long as there is something to say: of gRPC, or while the response is given. */
        private boolean mayPause() {
            return patience.streams() || exchange.isAnswered();
        }

        private IOException broken(Throwable failure) {
            IOException cancelled = exchange.cancellation().cause();
            if (cancelled != null) {
                return cancelled;
            }
            if (failure instanceof HttpException malformed && malformed.getCode() < 500) {
                return new MalformedBodyException(String.valueOf(malformed.getReason()));
            }
            ClientGoneException gone = new ClientGoneException("the client broke off the request's body: " + failure);
            exchange.cancellation().cancel(gone);
            return gone;
        }

        @Override
        public void close() {
            if (chunk != null) {
                chunk.release();
                chunk = null;
            }
            JettyBody.this.close();
        }
    }
}
