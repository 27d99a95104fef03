package dev.sallyport.kernel.http;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.http.LimitHits.Limit;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection is waited for: the head of a request, the next request, or nothing while exchanges run on it.
 * Thread-safe.
 */
final class Conversation {

    /** How long a connection that was told to end may take to. */
    private static final long GOODBYE_NANOS = 1_000_000_000L;

    private static final byte[] TIMED_OUT = timedOut();

    private final EndPoint endPoint;
    private final String listener;
    private final Admission.@Nullable Entry entry;

    /** Between TLS, if there is any, and HTTP. */
    private volatile EndPoint upper;

    /** Whether nothing of a request is there, so that the next bytes begin one. */
    private volatile boolean idle;

    // Guarded by this.
    private long since = System.nanoTime();
    private int running;
    private boolean begun;
    private boolean http2;
    private boolean ended;

    /**
     * A connection that was just made.
     *
     * @param entry by which it was let in; null for one that is closed already
     */
    Conversation(EndPoint endPoint, String listener, Admission.@Nullable Entry entry) {
        this.endPoint = endPoint;
        this.listener = listener;
        this.entry = entry;
        upper = endPoint;
    }

    /** The client's address. */
    String peer() {
        return entry == null ? String.valueOf(endPoint.getRemoteSocketAddress()) : entry.who();
    }

    /**
     * A proxy has told who the client is.
     *
     * @return false where the connection must be closed, since it is one too many of that address
     */
    boolean is(InetAddress client) {
        return entry != null && entry.is(client);
    }

    String listener() {
        return listener;
    }

    boolean isOpen() {
        return endPoint.isOpen();
    }

    void over() {
        if (entry != null) {
            entry.leave();
        }
    }

    /** HTTP is spoken over that. */
    void speaks(EndPoint http) {
        upper = http;
    }

    /** The preface of HTTP/2 has come: no request need follow. */
    synchronized void speaksHttp2(EndPoint http) {
        upper = http;
        http2 = true;
        idle = false;
        begun = true;
        since = System.nanoTime();
    }

    /** Bytes have come. */
    void came() {
        if (idle) {
            synchronized (this) {
                if (idle) {
                    idle = false;
                    since = System.nanoTime();
                }
            }
        }
        // The first request's time began when the connection was made.
    }

    /**
     * A request's head has come.
     *
     * @return false where that was too late
     */
    synchronized boolean enter() {
        running++;
        begun = true;
        idle = false;
        return !ended;
    }

    /** A request is over. */
    synchronized void leave() {
        running--;
        if (running == 0) {
            since = System.nanoTime();
            idle = !http2;
        }
    }

    /** Looks whether the client has had its time, and ends the connection then. */
    void look(long now, ListenerConfig rules, LimitHits hits) {
        boolean late;
        boolean asked;
        synchronized (this) {
            if (running > 0) {
                return;
            }
            boolean next = begun && (idle || http2);
            long limit = ended
                    ? GOODBYE_NANOS
                    : next
                            ? rules.idle().toNanos() + GOODBYE_NANOS
                            : rules.limits().headerTimeout().toNanos();
            if (now - since < limit) {
                return;
            }
            if (ended) {
                endPoint.close();
                return;
            }
            ended = true;
            since = now;
            late = !next;
            asked = begun || hasBytes();
        }
        if (late) {
            hits.hit(listener, Limit.HEADER_TIMEOUT, peer());
        }
        end(late && asked);
    }

    /** Whether anything of a first request may have come. */
    private boolean hasBytes() {
        return upper instanceof WatchedEndPoint watched && watched.hasRead();
    }

    private void end(boolean answer) {
        EndPoint http = upper;
        if (http.getConnection() instanceof HTTP2Connection connection) {
            connection.getSession().close(ErrorCode.NO_ERROR.code, "idle", Callback.NOOP);
        } else if (answer) {
            try {
                http.write(Callback.from(http::shutdownOutput, failure -> http.close()), ByteBuffer.wrap(TIMED_OUT));
            } catch (RuntimeException writing) { // an answer to what has come before is under way
                http.close();
            }
        } else {
            http.close();
        }
    }

    private static byte[] timedOut() {
        String problem = new Problem(408, "request-timeout", "Request timed out")
                .withDetail("the rest of the request's head did not come")
                .toJson();
        return ("HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\nContent-Length: "
                        + problem.length() + "\r\nConnection: close\r\n\r\n" + problem)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The conversation that an end point belongs to; null where it belongs to none. */
    static @Nullable Conversation of(EndPoint endPoint) {
        return endPoint instanceof WatchedEndPoint watched ? watched.conversation() : null;
    }
}
