package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * Copies the body of a request to the target on a thread of its own, through one buffer: what has come is written at
 * once, and nothing more is read until it is. Jetty's sender takes the buffer on that same thread.
 */
final class RequestCopy implements Request.Content, Runnable {

    private static final int BUFFER = 16 * 1024;

    private final JettyCall call;
    private final Body body;
    private final long length;
    private final ByteBufferPool pool;
    private final Duration idle;

    // Guarded by this, from here to the volatile ones.
    private Content.@Nullable Chunk offered;
    private @Nullable Runnable demand;
    private @Nullable Throwable stopped;
    private @Nullable Thread copier;
    private boolean reading;

    private volatile boolean written;
    private volatile boolean ended;
    private volatile boolean allGiven;
    private volatile long movedAt = System.nanoTime();
    private volatile @Nullable Throwable bodyFailure;

    /** @param length of the body; -1 where it is not known */
    RequestCopy(JettyCall call, Body body, long length, ByteBufferPool pool, Duration idle) {
        this.call = call;
        this.body = body;
        this.length = length;
        this.pool = pool;
        this.idle = idle;
    }

    /** When a byte last came or went. */
    long movedAt() {
        return movedAt;
    }

    /** Whether the sender has the last byte, so that the request ends by itself. */
    boolean isAllGiven() {
        return allGiven;
    }

    boolean isFromBody(Throwable reason) {
        return reason.equals(bodyFailure);
    }

    /** Nobody needs the rest. Where the copying thread waits for bytes of the client, it is interrupted. */
    void stop() {
        synchronized (this) {
            ended = true;
            if (reading && copier != null) {
                copier.interrupt();
            } else if (copier != null) {
                LockSupport.unpark(copier);
            }
        }
    }

    // The side of Jetty's sender.

    @Override
    public long getLength() {
        return length;
    }

    /** None: what Jetty says by default is not what the client has said. */
    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public synchronized Content.@Nullable Chunk read() {
        if (stopped != null) {
            return Content.Chunk.from(stopped, true);
        }
        Content.Chunk chunk = offered;
        offered = Content.Chunk.next(chunk);
        return chunk;
    }

    @Override
    public void demand(Runnable callback) {
        synchronized (this) {
            if (offered == null && stopped == null) {
                demand = callback;
                return;
            }
        }
        callback.run();
    }

    @Override
    public void fail(Throwable failure) {
        Runnable waiting;
        synchronized (this) {
            if (stopped != null) {
                return;
            }
            stopped = failure;
            if (offered != null) {
                offered.release();
                offered = null;
            }
            waiting = demand;
            demand = null;
        }
        stop();
        if (waiting != null) {
            waiting.run();
        }
    }

    // The side of the copying thread.

    @Override
    public void run() {
        synchronized (this) {
            if (ended) {
                return;
            }
            copier = Thread.currentThread();
        }
        try {
            copy();
        } catch (Throwable e) {
            if (!ended) {
                bodyFailure = e;
                call.abort(e);
            }
        } finally {
            synchronized (this) {
                copier = null;
            }
            if (ended) {
                Thread.interrupted(); // by stop(): of no concern to whoever runs next on this thread
            }
        }
    }

    private void copy() throws IOException {
        long left = length < 0 ? Long.MAX_VALUE : length;
        if (body instanceof BufferBody buffers) {
            Given given = new Given(left);
            reading(true);
            buffers.drainTo(given);
            reading(false);
            left = given.left;
        } else {
            left = copyStream(left);
        }
        if (length > 0 && left > 0) {
            throw new IOException("the request's body ended after " + (length - left) + " of " + length + " bytes");
        }
        if (!allGiven) {
            give(BufferUtil.EMPTY_BUFFER, true);
        }
    }

    private long copyStream(long all) throws IOException {
        long left = all;
        RetainableByteBuffer buffer = pool.acquire(BUFFER, false);
        try (InputStream in = body.open()) {
            ByteBuffer bytes = buffer.getByteBuffer();
            byte[] array = bytes.array();
            int from = bytes.arrayOffset();
            while (left > 0) {
                reading(true);
                int count = in.read(array, from, (int) Math.min(BUFFER, left));
                reading(false);
                if (count < 0) {
                    break;
                }
                if (count > 0) {
                    left -= count;
                    give(ByteBuffer.wrap(array, from, count), left == 0);
                }
            }
            if (left == 0) {
                checkEnd(in);
            }
            return left;
        } finally {
            if (written) {
                buffer.release(); // else the sender may still hold it, and it is left to the garbage collector
            }
        }
    }

    /** Whoever gives a body may want to know that it was read to its end. */
    private void checkEnd(InputStream in) throws IOException {
        reading(true);
        boolean more = in.read() >= 0;
        reading(false);
        if (more) {
            throw tooLong();
        }
    }

    private IOException tooLong() {
        return new IOException("the request's body has more than " + length + " bytes");
    }

    private synchronized void reading(boolean now) throws InterruptedIOException {
        movedAt = System.nanoTime();
        reading = now;
        if (ended) {
            throw new InterruptedIOException("nobody needs the rest of the request's body");
        }
    }

    /** Has the sender write the bytes, and returns when it has. */
    private void give(ByteBuffer bytes, boolean last) throws IOException {
        Runnable waiting;
        synchronized (this) {
            if (ended || stopped != null) {
                throw new InterruptedIOException("nobody needs the rest of the request's body");
            }
            written = false;
            allGiven = last;
            offered = Content.Chunk.from(bytes, last, this::onWritten);
            waiting = demand;
            demand = null;
        }
        if (waiting != null) {
            waiting.run();
        }
        awaitWritten();
        movedAt = System.nanoTime();
    }

    private void onWritten() {
        written = true;
        Thread waiting = copier;
        if (waiting != null && waiting != Thread.currentThread()) {
            LockSupport.unpark(waiting);
        }
    }

    private void awaitWritten() throws IOException {
        long deadline = System.nanoTime() + idle.toNanos();
        while (!written) {
            if (ended) {
                throw new InterruptedIOException("nobody needs the rest of the request's body");
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw call.abort(Failures.notMoving(call.outgoing()));
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted() && !ended) {
                throw new InterruptedIOException("interrupted while sending the request's body");
            }
        }
    }

    /** Counts what a body gives by itself. */
    private final class Given implements BufferBody.Sink {

        private long left;

        Given(long all) {
            left = all;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            reading(false);
            if (bytes.remaining() > left) {
                throw tooLong();
            }
            if (bytes.hasRemaining()) {
                left -= bytes.remaining();
                give(bytes, left == 0);
            }
            reading(true);
        }
    }
}
