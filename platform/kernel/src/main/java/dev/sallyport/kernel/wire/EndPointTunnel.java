package dev.sallyport.kernel.wire;

import dev.sallyport.api.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection of Jetty, of a client or of a server, as a tunnel with blocking streams, once it has switched protocols.
 * It becomes that connection's owner by {@link EndPoint#upgrade}; until then reads and writes wait. Bytes that the old
 * protocol had read too many are read first. It has no idle limit of its own.
 *
 * <p>One thread reads while another writes; any thread may close.
 */
public final class EndPointTunnel extends AbstractConnection implements Connection.UpgradeTo, Tunnel {

    private final CountDownLatch usable = new CountDownLatch(1);
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile boolean closed;
    private volatile @Nullable Waiting reading;
    private volatile @Nullable Waiting writing;
    private @Nullable ByteBuffer early;

    /** @param executor where Jetty runs what it must; nothing of the tunnel blocks there */
    public EndPointTunnel(EndPoint endPoint, Executor executor) {
        super(endPoint, executor);
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = BufferUtil.copy(buffer);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(0);
        usable.countDown();
    }

    /** Not called: each read waits with a callback of its own. */
    @Override
    public void onFillable() {}

    @Override
    public void onClose(@Nullable Throwable cause) {
        usable.countDown();
        super.onClose(cause);
    }

    @Override
    public void close() {
        closed = true;
        usable.countDown();
        getEndPoint().close();
        // A stream of HTTP/2 leaves those who wait for it waiting.
        IOException end = new IOException("tunnel: closed");
        fail(reading, end);
        fail(writing, end);
    }

    private static void fail(@Nullable Waiting waiting, IOException end) {
        if (waiting != null) {
            waiting.failed(end);
        }
    }

    /** One wait for the connection; it ends once, in whatever way comes first. */
    private static final class Waiting implements Callback {

        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        @Override
        public void succeeded() {
            done.complete(true);
        }

        @Override
        public void failed(Throwable cause) {
            done.completeExceptionally(cause);
        }

        void await() throws IOException {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("tunnel: interrupted");
            }
        }
    }

    private void awaitUsable() throws IOException {
        try {
            usable.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("tunnel: interrupted before the switch of protocols", e);
        }
        if (closed) {
            throw new IOException("tunnel: closed");
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            awaitUsable();
            ByteBuffer first = early;
            if (first != null) {
                int count = Math.min(length, first.remaining());
                first.get(bytes, offset, count);
                early = first.hasRemaining() ? first : null;
                return count;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length).slice().limit(0);
            while (true) {
                int count = getEndPoint().fill(buffer);
                if (count != 0) {
                    return count < 0 ? endOrClosed() : count;
                }
                Waiting filled = new Waiting();
                reading = filled;
                awaitUsable(); // else it was closed meanwhile, and nobody would wake this
                getEndPoint().fillInterested(filled);
                filled.await();
            }
        }

        /** Jetty reports the end also where this side has closed the connection. */
        private int endOrClosed() throws IOException {
            if (closed) {
                throw new IOException("tunnel: closed");
            }
            return -1;
        }
    }

    private final class Output extends OutputStream {

        private boolean ended;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            awaitUsable();
            if (ended) {
                throw new IOException("tunnel: output closed");
            }
            Waiting written = new Waiting();
            writing = written;
            awaitUsable();
            getEndPoint().write(written, ByteBuffer.wrap(bytes, offset, length));
            written.await();
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                getEndPoint().shutdownOutput();
            }
        }
    }
}
