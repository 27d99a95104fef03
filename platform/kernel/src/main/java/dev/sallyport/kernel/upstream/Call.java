package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request over one connection: written and read by the thread that waits for it. Other threads end it: a cancellation,
 * the watch on time limits, the copying of the body. They note why, and close the connection under whoever is blocked.
 */
final class Call implements Consumer<IOException> {

    /** Bodies up to this size that are in memory, or have come whole, go out with the head, in one write and without another thread. */
    private static final int SENT_WITH_HEAD = 64 * 1024;

    private static final int MOST_INTERIMS = 100;
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
    private static final byte[] NOTHING = {};
    private static final long NONE = 0;

    private final ConnectionPool pool;
    private final Room room;
    private final Outgoing outgoing;
    private final Thread thread = Thread.currentThread();
    private final long connectLimit;
    private @Nullable Upload upload;
    private volatile @Nullable Connection connection;
    private volatile boolean connected;
    private volatile boolean queued;
    private boolean read;

    // When what waits must have come about, after System.nanoTime; NONE while nothing waits.
    private volatile long readLimit;
    private volatile long writeLimit;

    // Guarded by this.
    private @Nullable Throwable failure;
    private boolean headCame;
    private boolean requestSent;
    private boolean responseRead;
    private boolean keeps;

    /**
     * Begins one.
     *
     * @param room to write and read in
     */
    Call(ConnectionPool pool, Room room, Outgoing outgoing) {
        this.pool = pool;
        this.room = room;
        this.outgoing = outgoing;
        connectLimit = limit(outgoing.timeouts().connect());
    }

    private static long limit(Duration time) {
        long limit = System.nanoTime() + time.toNanos();
        return limit == NONE ? 1 : limit;
    }

    Outgoing outgoing() {
        return outgoing;
    }

    Response sendFinally() throws IOException {
        Response response = send(false);
        if (response == null) {
            throw new AssertionError("told not to repeat");
        }
        return response;
    }

    /**
     * Sends the request and waits for the head of its response.
     *
     * @param mayRepeat whether the caller would send it once more
     * @return null where a kept connection has turned out closed and the request should be sent once more
     */
    @Nullable
    Response send(boolean mayRepeat) throws IOException {
        byte[] lent = room.heads().take();
        ByteBuffer head = head(lent);
        outgoing.cancellation().onCancel(this);
        try {
            throwIfFailed();
            Connection taken = pool.take(this);
            connection = taken;
            connected = true;
            throwIfFailed(); // what came before the connection was noted has not closed it
            write(taken, head);
            room.heads().give(lent);
            giveWay();
            return awaitHead(taken);
        } catch (IOException | RuntimeException | Error e) {
            boolean repeat = mayRepeat && wasClosedWhileKept(e);
            Throwable told = explained(e);
            fail(told);
            outgoing.cancellation().remove(this);
            if (repeat) {
                return null;
            }
            switch (told) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                default -> throw (Error) told;
            }
        }
    }

    private ByteBuffer head(byte[] into) throws IOException {
        Body body = outgoing.body();
        long length = body.length();
        if (body.isEmpty()) {
            requestSent = true;
            return RequestHead.write(into, outgoing, 0, NOTHING);
        }
        boolean whole = body.isReplayable() && body.trailers().isEmpty();
        if (whole && length >= 0 && length <= SENT_WITH_HEAD) {
            requestSent = true;
            try (InputStream in = body.open()) {
                return RequestHead.write(into, outgoing, length, in.readAllBytes());
            }
        }
        if (body.isReplayable() && !whole) {
            length = -1; // trailers need chunks
        }
        upload = new Upload(this, body, length);
        return RequestHead.write(into, outgoing, length, NOTHING);
    }

    private void write(Connection to, ByteBuffer head) throws IOException {
        writing();
        Upload streaming = upload;
        byte[] come = streaming == null ? null : streaming.whole(SENT_WITH_HEAD);
        if (come != null) {
            to.wire().write(head, ByteBuffer.wrap(come));
            requestSent();
            return;
        }
        to.wire().write(head);
        if (streaming != null) {
            streaming.to(to.wire());
            outgoing.runner().execute(streaming);
        } else {
            readLimit = limit(outgoing.timeouts().firstByte());
            writeLimit = NONE;
        }
    }

    /**
     * Lets others run before the answer is looked for. Under load it is there by then, and is read at once: to look too early,
     * register, park and be woken costs several calls of the system. Where nobody else wants to run this returns at once.
     */
    @SuppressWarnings("ThreadPriorityCheck") // only the cost depends on it
    private static void giveWay() {
        Thread.yield();
    }

    private Response awaitHead(Connection from) throws IOException {
        ByteBuffer buffer = room.buffer();
        for (int interims = 0; ; interims++) {
            int end = ResponseHead.end(buffer, 0);
            while (end < 0) {
                int looked = buffer.remaining();
                buffer = fill(from, buffer);
                read = true;
                end = ResponseHead.end(buffer, buffer.position() + looked - 3);
            }
            ResponseHead head = read(buffer, end);
            if (head.status() == 101) {
                return tunnel(from, head, buffer);
            }
            if (head.status() >= 200) {
                return response(from, head, buffer);
            }
            if (interims == MOST_INTERIMS) {
                throw new ProtocolException("it sent more than " + MOST_INTERIMS + " interim responses");
            }
            if (head.status() != 100) {
                outgoing.onInterim().accept(head.status(), head.headers());
            }
        }
    }

    private ResponseHead read(ByteBuffer buffer, int end) throws IOException {
        ResponseHeadReader reader = room.readers().take();
        try {
            return reader.read(buffer, end, outgoing.upgrade() != null);
        } finally {
            room.readers().give(reader);
        }
    }

    /** Reads more of the head behind what is there; a buffer that is full gives way to a larger one. */
    private ByteBuffer fill(Connection from, ByteBuffer buffer) throws IOException {
        ByteBuffer into = buffer;
        if (!into.hasRemaining()) {
            into.clear().limit(0);
        } else if (into.limit() == into.capacity()) {
            // TLS gives a record at a time, so the room must hold one.
            into = ByteBuffer.allocate(2 * buffer.capacity()).put(buffer).flip();
            room.giveBack(buffer);
        }
        if (readInto(from, into) < 0) {
            throw new java.io.EOFException();
        }
        return into;
    }

    /** Reads into the room behind the limit; how many bytes came, -1 at the end. */
    int readInto(Connection from, ByteBuffer buffer) throws IOException {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(buffer.capacity()).position(limit);
        int count;
        try {
            count = from.wire().read(buffer);
        } finally {
            buffer.limit(buffer.position()).position(position);
        }
        return count;
    }

    private Response tunnel(Connection from, ResponseHead head, ByteBuffer buffer) throws IOException {
        byte[] early = new byte[buffer.remaining()];
        buffer.get(early);
        room.giveBack(buffer);
        synchronized (this) {
            headCame = true;
            readLimit = NONE;
        }
        from.detach();
        return Response.upgrade(101, head.headers(), new WireTunnel(from::close, from.wire(), ByteBuffer.wrap(early)));
    }

    private Response response(Connection from, ResponseHead head, ByteBuffer buffer) throws IOException {
        boolean none = outgoing.method().equals("HEAD") || head.status() == 204 || head.status() == 304;
        boolean sent;
        synchronized (this) {
            headCame = true;
            readLimit = NONE;
            keeps = head.keeps() && !(none && head.chunked() && head.status() == 204);
            sent = requestSent;
        }
        Upload streaming = upload;
        // The target will not read the rest of the request, and going on could fail before its answer is read
        // (RFC 9112 §9.5).
        if (head.status() >= 400 && !sent && streaming != null) {
            streaming.stop();
        }
        if (none || head.length() == 0) {
            boolean clean = !buffer.hasRemaining();
            room.giveBack(buffer);
            responseRead(clean);
            if (sent) {
                return Response.of(head.status(), head.headers(), Body.empty());
            }
            return Response.of(head.status(), head.headers(), ResponseBody.none(this));
        }
        return Response.of(head.status(), head.headers(), new ResponseBody(this, from, head, buffer));
    }

    Room room() {
        return room;
    }

    /** The reader waits for more of the body. */
    void awaitingBody() {
        readLimit = limit(outgoing.timeouts().idle());
    }

    void bodyCame() {
        readLimit = NONE;
    }

    /** A byte of the request goes out or is waited for. */
    void writing() {
        writeLimit = limit(outgoing.timeouts().idle());
    }

    /** The upload waits for its client: once the head of the response has come it may do so for long. */
    synchronized void awaitingClient() {
        writeLimit = headCame ? NONE : limit(outgoing.timeouts().idle());
    }

    /** All of the request is sent. */
    void requestSent() {
        boolean over;
        synchronized (this) {
            requestSent = true;
            writeLimit = NONE;
            if (!headCame) {
                readLimit = limit(outgoing.timeouts().firstByte());
            }
            over = responseRead;
        }
        if (over) {
            release();
        }
    }

    /** The upload has failed: by itself, or since the connection did, in which case a response may still say why. */
    void uploadFailed(Throwable reason) {
        if (!isFromBody(reason) && reason instanceof IOException && !(reason instanceof InterruptedIOException)) {
            boolean come;
            synchronized (this) {
                come = headCame;
            }
            if (!come && Failures.isBrokenConnection(reason)) {
                requestStopped();
                readLimit = limit(outgoing.timeouts().firstByte());
                return;
            }
        }
        fail(reason);
    }

    /** The upload has ended early: the connection is of no use after the response. */
    void requestStopped() {
        synchronized (this) {
            keeps = false;
            writeLimit = NONE;
        }
    }

    /**
     * All of the response is read.
     *
     * @param clean whether nothing came after it
     */
    void responseRead(boolean clean) {
        boolean over;
        synchronized (this) {
            responseRead = true;
            keeps &= clean;
            over = requestSent;
        }
        if (over) {
            release();
        }
    }

    private void release() {
        outgoing.cancellation().remove(this);
        Connection over = connection;
        boolean good;
        synchronized (this) {
            good = keeps && failure == null;
            connection = null;
        }
        if (over != null) {
            if (good) {
                over.free();
            } else {
                over.close();
            }
        }
    }

    /**
     * Nobody reads the response any more: what is still to be sent is of no use to anyone.
     *
     * @param whole whether all of it was read
     */
    void responseClosed(boolean whole) {
        Upload streaming = upload;
        boolean sent;
        synchronized (this) {
            sent = requestSent;
        }
        if (!whole) {
            fail(new IOException("the response was closed before its end"));
        } else if (!sent && streaming != null && !streaming.isAllGiven()) {
            fail(new IOException("the response ended before the request"));
        } else if (!sent && streaming != null) {
            streaming.stop(); // it may still look for the end of the body
        }
        outgoing.cancellation().remove(this);
    }

    /** Why it failed; null where it did not. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** Whether that is why the request's own body could not be read. */
    boolean isFromBody(Throwable reason) {
        Upload streaming = upload;
        return streaming != null && streaming.isFromBody(reason);
    }

    void throwIfFailed() throws IOException {
        Throwable reason = failure();
        if (reason != null) {
            throw reason instanceof IOException io ? io : new IOException(reason);
        }
    }

    /** Gives up the request and its connection, for that reason unless it has failed before. */
    <X extends Throwable> X fail(X reason) {
        synchronized (this) {
            if (failure == null) {
                failure = reason;
            }
        }
        Connection used = connection;
        if (used != null) {
            used.close();
        }
        Upload streaming = upload;
        if (streaming != null) {
            streaming.stop();
        }
        if (!connected) {
            LockSupport.unpark(thread);
        }
        return reason;
    }

    /** The cancellation. */
    @Override
    public void accept(IOException reason) {
        fail(reason);
    }

    /** Called every few milliseconds. */
    void look(long now) {
        long reading = readLimit;
        long writing = writeLimit;
        if (!connected) {
            if (now - connectLimit > 0) {
                fail(Failures.notConnected(outgoing, queued));
            }
        } else if (writing != NONE && now - writing > 0) {
            fail(Failures.notMoving(outgoing));
        } else if (reading != NONE && now - reading > 0) {
            boolean head;
            synchronized (this) {
                head = headCame;
            }
            fail(head ? ResponseBody.paused(outgoing) : Failures.notAnswered(outgoing));
        }
    }

    /** A connection is being made, which {@link #fail} closes. */
    void connecting(Connection made) throws IOException {
        connection = made;
        throwIfFailed();
    }

    /**
     * A part of the making of a new connection is done.
     *
     * @param since when it began
     * @return now
     */
    long passed(Moment moment, long since) {
        long now = System.nanoTime();
        ObjLongConsumer<Moment> told = outgoing.onMoment();
        if (told != null) {
            told.accept(moment, now - since);
        }
        return now;
    }

    /** Waits for something that unparks this thread, for as long as a connection may take. */
    void awaitConnection(boolean inQueue) throws IOException {
        queued = inQueue;
        throwIfFailed();
        long left = connectLimit - System.nanoTime();
        if (left <= 0) {
            throw fail(Failures.notConnected(outgoing, inQueue));
        }
        LockSupport.parkNanos(this, left);
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted while waiting for " + outgoing.target());
    }

    private boolean wasClosedWhileKept(Throwable reason) {
        Connection used = connection;
        return used != null
                && connected
                && used.isKept()
                && !read
                && upload == null
                && failure() == null
                && outgoing.upgrade() == null
                && IDEMPOTENT.contains(outgoing.method())
                && !(reason instanceof ClosedByInterruptException)
                && Failures.isBrokenConnection(reason);
    }

    private Throwable explained(Throwable thrown) {
        Throwable first = failure();
        Throwable reason = first == null ? thrown : first;
        if (reason instanceof UpstreamException
                || reason instanceof ClientGoneException
                || reason instanceof UnsendableRequestException) {
            return reason;
        }
        if (reason.equals(outgoing.cancellation().cause())) {
            return Failures.givenUp(outgoing.target(), reason);
        }
        if (isFromBody(reason)) {
            return reason;
        }
        if (reason instanceof InterruptedIOException || reason instanceof ClosedByInterruptException) {
            Thread.currentThread().interrupt();
            return reason instanceof InterruptedIOException ? reason : interrupted();
        }
        if (reason instanceof ProtocolException) {
            return Failures.notHttp(outgoing.target(), reason);
        }
        return reason instanceof IOException
                ? Failures.before(outgoing.target(), connected, connected, reason)
                : reason;
    }
}
