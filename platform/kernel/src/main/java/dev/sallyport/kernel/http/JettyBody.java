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
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** The body of a client's request: read from the connection as it is asked for, so that the client is never ahead. */
final class JettyBody implements BufferBody {

    /** How much of a body is taken that nobody needs, in bytes, so that its connection can be kept (as Go's server does). */
    private static final long LONGEST_REST = 256 * 1024;

    /** How long that is waited for (as nginx does). */
    private static final Duration REST_COMES_WITHIN = Duration.ofSeconds(5);

    private final Request request;
    private final LiveExchange exchange;
    private final long length;
    private final Patience patience;
    private final Consumer<Limit> onLimit;
    private final Runnable onEnd;
    private Content.@Nullable Chunk first;
    private boolean opened;
    private long taken;
    private volatile boolean ended;
    private volatile boolean closed;
    private @Nullable Thread reader;
    private volatile boolean demanded;
    private volatile boolean broken;

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
            first = readUnlessClosed();
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

    /**
     * What has come, if anything has. The exchange may be over for its client while another thread still reads this body, to
     * send it on: once it is closed nobody looks into the connection any more, where Jetty goes on with the next request.
     */
    private synchronized Content.@Nullable Chunk readUnlessClosed() {
        return closed ? null : request.read();
    }

    private synchronized void took(int bytes) {
        taken += bytes;
    }

    private synchronized void atEnd() {
        ended = true;
        if (!closed) {
            onEnd.run();
        }
    }

    /** Asks that the caller be woken when something has come; only one thread at a time reads a body. */
    private synchronized void demand() {
        reader = Thread.currentThread();
        if (!demanded) { // else by a thread that has gone meanwhile
            demanded = true;
            request.demand(this::come);
        }
    }

    private synchronized void come() {
        demanded = false;
        LockSupport.unpark(reader);
    }

    /**
     * Takes what is left of the body of a request that is answered, so that the connection can go on with the next one: a
     * client cannot know that nobody needs it. What is long, or does not come soon, costs the connection instead.
     */
    void discardRest() {
        if (broken || (taken == 0 && request.getHeaders().contains(HttpHeader.EXPECT))) {
            return; // nothing comes, or nothing was asked for
        }
        long deadline = System.nanoTime() + REST_COMES_WITHIN.toNanos();
        long most = taken + LONGEST_REST;
        while (!ended && length <= most && taken <= most && awaitDemanded(deadline)) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                demand();
            } else if (Content.Chunk.isFailure(chunk)) {
                return;
            } else {
                took(chunk.remaining());
                ended = chunk.isLast();
                chunk.release();
            }
        }
    }

    /** Also what another thread has asked for: Jetty ends a connection on which a read is pending when its request is over. */
    private boolean awaitDemanded(long deadline) {
        synchronized (this) {
            reader = Thread.currentThread();
        }
        while (demanded) {
            long time = deadline - System.nanoTime();
            if (time <= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(request, time);
        }
        return true;
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
    public synchronized void close() {
        closed = true;
        LockSupport.unpark(reader);
        if (!opened && first != null) {
            first.release();
            first = null;
        }
    }

    /** Hands Jetty's chunks on; a read blocks its virtual thread until the next one has come. */
    private final class Stream extends InputStream {

        private Content.@Nullable Chunk chunk;
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
                    chunk = readUnlessClosed();
                }
                if (chunk == null) {
                    await();
                } else if (Content.Chunk.isFailure(chunk)) {
                    throw failed(chunk.getFailure());
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
                chunk = readUnlessClosed();
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
            took(bytes);
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
                atEnd();
            }
        }

        private void await() throws IOException {
            synchronized (JettyBody.this) {
                if (closed) {
                    return;
                }
                demand();
            }
            long began = System.nanoTime();
            long giveUp = began + patience.pause().toNanos();
            while (demanded && !closed) {
                LockSupport.parkNanos(request, giveUp - System.nanoTime());
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("interrupted while reading the request's body");
                }
                if (demanded && System.nanoTime() - giveUp >= 0) {
                    if (!mayPause()) {
                        throw tooSlow(Limit.BODY_TIMEOUT);
                    }
                    giveUp += patience.pause().toNanos();
                }
            }
            waitedNanos += System.nanoTime() - began;
            if (patience.isTooSlow(taken, waitedNanos) && !mayPause()) {
                throw tooSlow(Limit.BODY_RATE);
            }
        }

        private RequestTimeoutException tooSlow(Limit limit) {
            broken = true;
            onLimit.accept(limit);
            return new RequestTimeoutException();
        }

        /** Messages may come one by one, as long as there is something to say: of gRPC, or while the response is given. */
        private boolean mayPause() {
            return patience.streams() || exchange.isAnswered();
        }

        private IOException failed(Throwable failure) {
            broken = true;
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
