package dev.sallyport.kernel.http;

import dev.sallyport.kernel.wire.Spares;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadPendingException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection that notices when the client leaves while its HTTP/1.1 request is being worked on.
 *
 * <p>Jetty does not read from a connection between the end of a request and the end of its response, so it sees neither a
 * FIN nor a reset meanwhile. This end point does: once the request has been read, it keeps its own interest in what the
 * client sends. An end of file means that the client has gone (a half-close counts, as it does for nginx); bytes belong to
 * the next, pipelined request, and are kept for the {@link #fill} by which Jetty will ask for them.
 *
 * <p>Only one reader may register with the end point below at a time. While the watch is registered there, Jetty's own
 * registration waits here and is served by the same event, so watching costs no further trip to the selector. When the next
 * request comes, its beginning is read on the selector's own task, and the watch is registered again before that task has
 * ended: so the selector's interest never changes from one request to the next, which would cost two calls of the system.
 */
final class WatchedEndPoint implements EndPoint, EndPoint.Wrapper {

    /** Enough for most heads together with a small body; where there is more, it waits in the socket. */
    static final int STASH = 8 * 1024;

    private final EndPoint endPoint;
    private final Executor executor;
    private final Conversation conversation;
    private final Spares<byte[]> stashes;
    private final Watch watch = new Watch();
    private volatile boolean hasRead;

    // Guarded by this, from here on.
    private boolean registered;
    private boolean ended;

    /** Whether what comes now is the beginning of another request. */
    private boolean betweenRequests;

    private @Nullable ByteBuffer stash;

    /** What the stash lies in. */
    private byte @Nullable [] lent;

    private @Nullable Callback reader;
    private @Nullable Runnable onGone;

    /** @param stashes buffers of {@link #STASH} bytes */
    WatchedEndPoint(EndPoint endPoint, Executor executor, Conversation conversation, Spares<byte[]> stashes) {
        this.endPoint = endPoint;
        this.executor = executor;
        this.conversation = conversation;
        this.stashes = stashes;
    }

    /** What the client is waited for. */
    Conversation conversation() {
        return conversation;
    }

    /** Whether the client has sent anything yet. */
    boolean hasRead() {
        return hasRead;
    }

    @Override
    public EndPoint unwrap() {
        return endPoint;
    }

    /** Calls back, once, when the client leaves before {@link #unwatch}. The request must have been read to its end. */
    void watch(Runnable gone) {
        boolean register;
        synchronized (this) {
            if (ended) {
                register = false;
            } else {
                onGone = gone;
                betweenRequests = true;
                register = !registered && stash == null;
                registered |= register;
            }
        }
        if (register && !endPoint.tryFillInterested(watch)) {
            synchronized (this) {
                registered = false; // somebody else reads (an upgraded connection): it will see the end itself
            }
        }
    }

    /** Nobody wants to know any more. */
    synchronized void unwatch() {
        onGone = null;
    }

    @Override
    public void fillInterested(Callback callback) throws ReadPendingException {
        if (!tryFillInterested(callback)) {
            throw new ReadPendingException();
        }
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        synchronized (this) {
            if (!ended && stash == null) {
                if (!registered) {
                    return endPoint.tryFillInterested(callback);
                }
                if (reader != null) {
                    return false;
                }
                reader = callback;
                return true;
            }
        }
        executor.execute(
                callback::succeeded); // there is something to read already; not on this stack, which may be Jetty's
        // read loop
        return true;
    }

    @Override
    public synchronized boolean isFillInterested() {
        return registered ? reader != null : endPoint.isFillInterested();
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = filled(buffer);
        if (filled > 0) {
            if (!hasRead) {
                hasRead = true;
            }
            conversation.came();
        }
        return filled;
    }

    private int filled(ByteBuffer buffer) throws IOException {
        synchronized (this) {
            if (stash != null) {
                int filled = BufferUtil.append(buffer, stash);
                if (!stash.hasRemaining()) {
                    stash = null;
                    giveBack();
                }
                return filled;
            }
            if (ended) {
                return -1;
            }
            if (registered) {
                return 0; // the watch tells when there is something
            }
        }
        return endPoint.fill(buffer);
    }

    /** What the end point below tells about the one read that it may have pending. */
    private final class Watch implements Callback {

        /** Nothing here blocks, so that the selector runs it at once. */
        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        @Override
        public void succeeded() {
            Callback waiting = null;
            Runnable gone = null;
            synchronized (WatchedEndPoint.this) {
                registered = false;
                if (betweenRequests && stash == null) {
                    look();
                }
                if (stash != null || ended || !registered) {
                    waiting = reader;
                    reader = null;
                }
                if (ended) {
                    gone = onGone;
                    onGone = null;
                }
            }
            if (waiting != null) {
                executor.execute(waiting::succeeded); // Jetty's read loop, which runs the next exchange
            } else if (gone != null) {
                gone.run();
            }
        }

        @Override
        public void failed(Throwable failure) {
            Callback waiting;
            Runnable gone;
            synchronized (WatchedEndPoint.this) {
                registered = false;
                waiting = reader;
                reader = null;
                gone = failure instanceof TimeoutException ? null : onGone; // idleness is not leaving
            }
            if (waiting != null) {
                waiting.failed(failure);
            } else if (gone != null) {
                gone.run();
            }
        }
    }

    /** Reads what has come, under the lock, and goes on watching unless that was the end. */
    private void look() {
        byte[] bytes = stashes.take();
        lent = bytes;
        ByteBuffer buffer = ByteBuffer.wrap(bytes).limit(0); // as Jetty's are: what is in it lies before the limit
        try {
            int filled = endPoint.fill(buffer);
            if (filled >= 0) {
                if (filled > 0) {
                    stash = buffer;
                    betweenRequests = false;
                } else {
                    giveBack();
                }
                registered = endPoint.tryFillInterested(watch);
                return;
            }
        } catch (IOException reset) {
            // the same to us as an end of file
        }
        giveBack();
        ended = true;
    }

    private void giveBack() {
        if (lent != null) {
            stashes.give(lent);
            lent = null;
        }
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return endPoint.getLocalSocketAddress();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return endPoint.getRemoteSocketAddress();
    }

    @Override
    public boolean isOpen() {
        return endPoint.isOpen();
    }

    @Override
    public long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }

    @Override
    public void shutdownOutput() {
        endPoint.shutdownOutput();
    }

    @Override
    public boolean isOutputShutdown() {
        return endPoint.isOutputShutdown();
    }

    @Override
    public boolean isInputShutdown() {
        return endPoint.isInputShutdown();
    }

    @Override
    public void close() {
        endPoint.close();
    }

    @Override
    public void close(Throwable cause) {
        endPoint.close(cause);
    }

    @Override
    public SocketAddress receive(ByteBuffer buffer) throws IOException {
        return endPoint.receive(buffer);
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return endPoint.flush(buffers);
    }

    @Override
    public boolean send(SocketAddress address, ByteBuffer... buffers) throws IOException {
        return endPoint.send(address, buffers);
    }

    @Override
    public Object getTransport() {
        return endPoint.getTransport();
    }

    @Override
    public long getIdleTimeout() {
        return endPoint.getIdleTimeout();
    }

    @Override
    public void setIdleTimeout(long idleTimeout) {
        endPoint.setIdleTimeout(idleTimeout);
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        endPoint.write(callback, buffers);
    }

    @Override
    public void write(Callback callback, SocketAddress address, ByteBuffer... buffers) {
        endPoint.write(callback, address, buffers);
    }

    @Override
    public void write(boolean last, ByteBuffer buffer, Callback callback) {
        endPoint.write(last, buffer, callback);
    }

    @Override
    public Callback cancelWrite(Throwable cause) {
        return endPoint.cancelWrite(cause);
    }

    @Override
    public Connection getConnection() {
        return endPoint.getConnection();
    }

    @Override
    public void setConnection(Connection connection) {
        endPoint.setConnection(connection);
    }

    @Override
    public void onOpen() {
        endPoint.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        endPoint.onClose(cause);
    }

    @Override
    public void upgrade(Connection connection) {
        endPoint.upgrade(connection);
    }

    @Override
    public SslSessionData getSslSessionData() {
        return endPoint.getSslSessionData();
    }

    @Override
    public boolean isSecure() {
        return endPoint.isSecure();
    }
}
