package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.config.UpstreamConfig.Protocol;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import dev.sallyport.kernel.wire.EndPointTunnel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response.CompleteListener;
import org.eclipse.jetty.client.Response.ContentSourceListener;
import org.eclipse.jetty.client.Response.FailureListener;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request over one connection: the thread that waits for the head of its response, and what Jetty's callbacks tell
 * that thread. None of the callbacks blocks, for they run on Jetty's selector.
 */
final class JettyCall
        implements ContentSourceListener, FailureListener, CompleteListener, HttpUpgrader, Consumer<IOException> {

    /** Bodies up to this size that are in memory go out with the head, in one write and without another thread. */
    private static final int SENT_WITH_HEAD = 64 * 1024;

    /** The longest wait for Jetty to finish what is done; it takes microseconds unless the machine stalls. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final JettyUpstreamClient client;
    private final HttpClient http;
    private final Outgoing outgoing;
    private final boolean secure;
    private final long started = System.nanoTime();
    private volatile Thread waiting = Thread.currentThread();
    private @Nullable WireRequest request;
    private @Nullable RequestCopy copy;

    private volatile boolean connected;
    private volatile long connectedAt;
    private volatile boolean sent;
    private volatile long sentAt;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Queue<Interim> interims;

    // Written before headCame: head and one of the others.
    private org.eclipse.jetty.client.@Nullable Response head;
    private @Nullable JettyResponseBody body;
    private @Nullable EndPointTunnel tunnel;
    private volatile boolean headCame;

    /** Whether the head is told once the exchange is complete, which it will be at once. */
    private boolean toldAtTheEnd;

    private volatile boolean completed;

    /** Of this request alone; null over HTTP/2. */
    private volatile org.eclipse.jetty.io.@Nullable Connection connection;

    private volatile @Nullable EndPoint endPoint;
    private boolean kept;
    private long bytesInBefore;

    JettyCall(JettyUpstreamClient client, HttpClient http, Outgoing outgoing) {
        this.client = client;
        this.http = http;
        this.outgoing = outgoing;
        secure = "https".equalsIgnoreCase(outgoing.target().getScheme());
    }

    Response sendFinally() throws IOException {
        return Objects.requireNonNull(send(false));
    }

    /**
     * Sends the request and waits for the head of its response.
     *
     * @param mayRepeat whether the caller would send it once more
     * @return null where a kept connection has turned out closed and the request should be sent once more
     */
    @Nullable
    Response send(boolean mayRepeat) throws IOException {
        if (outgoing.upgrade() != null && outgoing.link().protocol() == Protocol.H2) {
            throw Failures.noTunnel(outgoing);
        }
        WireRequest wire = new WireRequest(http, outgoing, this);
        request = wire;
        Link link = outgoing.link();
        if (client.pending(wire, link.maxConnections()) >= Math.max(1, link.maxPending())) {
            throw Failures.tooManyWait(outgoing);
        }
        giveBody(wire);
        outgoing.cancellation().onCancel(this);
        if (failure == null) {
            wire.send(this);
        }
        try {
            awaitHead(wire);
        } catch (IOException | RuntimeException | Error e) {
            abort(e);
            outgoing.cancellation().remove(this);
            if (mayRepeat && mayBeRepeated()) {
                awaitCompletion();
                return null;
            }
            throw e;
        }
        return response();
    }

    private void giveBody(WireRequest wire) throws IOException {
        Body body = outgoing.body();
        if (body.isEmpty()) {
            return;
        }
        long length = body.length();
        if (body.isReplayable()
                && length >= 0
                && length <= SENT_WITH_HEAD
                && body.trailers().isEmpty()) {
            wire.body(BytesContent.of(body));
            return;
        }
        if (length < 0 || (body.isReplayable() && !body.trailers().isEmpty())) {
            wire.sendTrailers(); // makes it chunked, as trailers need it
            length = -1;
        }
        copy = new RequestCopy(
                this,
                body,
                length,
                http.getByteBufferPool(),
                outgoing.timeouts().idle());
        wire.body(copy);
    }

    private void awaitHead(WireRequest wire) throws IOException {
        boolean copying = copy == null;
        while (true) {
            passInterims();
            if (!copying && connected) {
                copying = true;
                outgoing.runner().execute(Objects.requireNonNull(copy));
            }
            if (headCame) {
                return;
            }
            Throwable failed = failure;
            if (failed != null) {
                throw explained(wire, failed);
            }
            long left = deadline() - System.nanoTime();
            if (left <= 0) {
                throw abort(late(wire));
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw abort(new InterruptedIOException("interrupted while waiting for " + outgoing.target()));
            }
        }
    }

    private long deadline() {
        if (!connected) {
            return started + outgoing.timeouts().connect().toNanos();
        }
        if (sent) {
            return sentAt + outgoing.timeouts().firstByte().toNanos();
        }
        return (copy == null ? connectedAt : Math.max(connectedAt, copy.movedAt()))
                + outgoing.timeouts().idle().toNanos();
    }

    private UpstreamException late(WireRequest wire) {
        if (!connected) {
            return Failures.notConnected(
                    outgoing, client.isExhausted(wire, outgoing.link().maxConnections()));
        }
        return sent ? Failures.notAnswered(outgoing) : Failures.notMoving(outgoing);
    }

    private void passInterims() {
        Queue<Interim> waiting = interims;
        if (waiting != null) {
            for (Interim interim = waiting.poll(); interim != null; interim = waiting.poll()) {
                outgoing.onInterim().accept(interim.status(), interim.fields());
            }
        }
    }

    private Response response() throws IOException {
        org.eclipse.jetty.client.Response from = Objects.requireNonNull(head);
        int status = from.getStatus();
        try {
            Headers headers = Fields.received(from.getHeaders(), tunnel != null);
            if (tunnel != null) {
                return Response.upgrade(status, headers, tunnel);
            }
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException(
                        "status " + status + (status == 101 ? " that was not asked for" : ""));
            }
            return Response.of(status, headers, body(status));
        } catch (IllegalArgumentException e) {
            throw abort(Failures.notHttp(outgoing.target(), e));
        }
    }

    private Body body(int status) {
        JettyResponseBody from = Objects.requireNonNull(body);
        // The target will not read the rest of the request, and going on could fail before its answer is read
        // (RFC 9112 §9.5).
        if (status >= 400 && !sent && copy != null) {
            copy.stop();
        }
        if (completed && from.isEmpty()) {
            outgoing.cancellation().remove(this);
            return Body.empty();
        }
        return from;
    }

    /** All of the response was read; what is still to be sent goes on until the response is closed. */
    void responseRead() {
        if (sent) {
            outgoing.cancellation().remove(this);
        }
    }

    /**
     * Nobody reads the response any more: what is still to be sent is of no use to anyone.
     *
     * @param whole whether all of it was read
     */
    void responseClosed(boolean whole) {
        if (!whole) {
            abort(new IOException("the response was closed before its end"));
        } else if (!sent && copy != null && !copy.isAllGiven()) {
            abort(new IOException("the response ended before the request"));
        } else {
            if (copy != null) {
                copy.stop(); // it may still look for the end of the body
            }
            if (sent || copy == null) {
                awaitCompletion();
            }
        }
        outgoing.cancellation().remove(this);
    }

    /** Jetty's selector may be a moment away from giving the connection back; the next request should find it. */
    private void awaitCompletion() {
        waiting = Thread.currentThread();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!completed
                && System.nanoTime() - deadline < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, SOON.toNanos());
        }
    }

    /** Whether the connection did not end as it should. */
    boolean wasReset() {
        org.eclipse.jetty.io.Connection wire = connection;
        return wire != null
                && UpstreamConnector.wasReset(wire.getEndPoint()); // a stream of HTTP/2 has an end of its own
    }

    Outgoing outgoing() {
        return outgoing;
    }

    boolean asksForUpgrade() {
        return outgoing.upgrade() != null;
    }

    /** Why it failed, where this side knows better than the connection. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Whether that is why the request's own body could not be read. */
    boolean isFromBody(Throwable reason) {
        RequestCopy copying = copy;
        return copying != null && copying.isFromBody(reason);
    }

    /** Gives up the request and its connection, for that reason unless it has failed before. */
    <X extends Throwable> X abort(X reason) {
        fail(reason);
        WireRequest wire = request;
        if (wire != null) {
            var _ = wire.abort(reason);
        }
        RequestCopy copying = copy;
        if (copying != null) {
            copying.stop();
        }
        return reason;
    }

    private void fail(Throwable reason) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
        }
        wake();
    }

    private void wake() {
        Thread waiter = waiting;
        if (Thread.currentThread() != waiter) {
            LockSupport.unpark(waiter);
        }
    }

    /** The cancellation. */
    @Override
    public void accept(IOException reason) {
        abort(reason);
        if (headCame && tunnel != null) {
            tunnel.close();
        }
    }

    // What Jetty tells about the request.

    void begun(Connection chosen) {
        if (chosen instanceof Http2Transport.Kept shared) {
            kept = shared.use();
            endPoint = shared.endPoint();
            ObjLongConsumer<Moment> told = outgoing.onMoment();
            if (!kept && told != null) {
                shared.tell(told);
            }
            connected();
            return;
        }
        org.eclipse.jetty.io.Connection wire = (org.eclipse.jetty.io.Connection) chosen;
        kept = wire.getMessagesOut() > 1;
        bytesInBefore = wire.getBytesIn();
        connection = wire;
        endPoint = wire.getEndPoint();
        if (!secure) {
            connected();
        }
    }

    /** With TLS the head is written once hands are shaken, so that only then a connection is there. */
    void committed() {
        if (secure) {
            connected();
        }
    }

    private void connected() {
        connectedAt = System.nanoTime();
        connected = true;
        if (copy != null) {
            wake();
        }
    }

    void sent() {
        sentAt = System.nanoTime();
        sent = true;
        if (copy != null) {
            wake(); // it waits by the idle limit till now
        }
    }

    // What Jetty tells about the response.

    void interim(int status, Headers fields) {
        Queue<Interim> queue = interims;
        if (queue == null) {
            queue = new ConcurrentLinkedQueue<>();
            interims = queue;
        }
        queue.add(new Interim(status, fields));
        wake();
    }

    @Override
    public void onContentSource(org.eclipse.jetty.client.Response response, Content.Source source) {
        boolean none = response.getStatus() == 204
                || response.getStatus() == 304
                || outgoing.method().equals("HEAD");
        JettyResponseBody came = new JettyResponseBody(this, response, source, none);
        head = response;
        body = came;
        // Where all of it is here the connection is given back before anybody wakes: then a request wakes one thread
        // once, and the next one finds the connection.
        toldAtTheEnd = came.readAhead() && (sent || outgoing.body().isEmpty());
        if (!toldAtTheEnd) {
            headCame = true;
            wake();
        }
    }

    @Override
    public void onFailure(org.eclipse.jetty.client.Response response, Throwable reason) {
        fail(reason);
    }

    @Override
    public void onComplete(Result result) {
        completed = true;
        if (toldAtTheEnd) {
            headCame = true;
        }
        if (result.isFailed()) {
            fail(result.getFailure());
        }
        wake();
    }

    @Override
    public void prepare(Request prepared) {}

    @Override
    public void upgrade(org.eclipse.jetty.client.Response response, EndPoint endPoint, Callback callback) {
        EndPointTunnel opened = new EndPointTunnel(endPoint, http.getExecutor());
        endPoint.upgrade(opened);
        head = response;
        tunnel = opened;
        headCame = true;
        callback.succeeded();
        wake();
        if (failure != null) {
            opened.close();
        }
    }

    private boolean mayBeRepeated() {
        if (copy != null
                || outgoing.upgrade() != null
                || outgoing.cancellation().cause() != null) {
            return false;
        }
        if (Failures.wasNotProcessed(failure)) {
            return true;
        }
        org.eclipse.jetty.io.Connection own = connection;
        return endPoint != null
                && kept
                && (own == null || own.getBytesIn() == bytesInBefore)
                && IDEMPOTENT.contains(outgoing.method())
                && Failures.isBrokenConnection(failure);
    }

    private IOException explained(WireRequest asked, Throwable reason) {
        if (reason instanceof UpstreamException || reason instanceof ClientGoneException) {
            return (IOException) reason;
        }
        if (reason.equals(outgoing.cancellation().cause())) {
            return Failures.givenUp(outgoing.target(), reason);
        }
        if (isFromBody(reason)) {
            return Failures.ofBody(reason);
        }
        if (!connected && Failures.isTimeout(reason)) {
            return late(asked); // Jetty's own timer was quicker
        }
        if (!connected && outgoing.link().protocol() == Protocol.H2 && Failures.isFraming(reason)) {
            return Failures.notHttp2(outgoing.target(), reason);
        }
        EndPoint wire = endPoint;
        boolean ended = wire != null && UpstreamConnector.wasEnded(wire);
        return Failures.before(outgoing.target(), connected, ended, reason);
    }

    private record Interim(int status, Headers fields) {}
}
