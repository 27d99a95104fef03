package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Connects to targets, and remembers how connections ended. Jetty takes a reset for a proper end, so that a body whose end
 * is that of the connection would look complete.
 */
final class UpstreamConnector extends ClientConnector {

    /** In the context of a connection: the nanosecond in which its making began. */
    static final String BEGUN = UpstreamConnector.class.getName() + ".begun";

    @Override
    protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
        Map<?, ?> context = (Map<?, ?>) key.attachment();
        Destination destination = (Destination) Objects.requireNonNull(context.get(Destination.CONTEXT_KEY));
        Link link = (Link) destination.getOrigin().getTag();
        long begun = context.get(BEGUN) instanceof Long time ? time : System.nanoTime();
        return new Remembering((SocketChannel) channel, selector, key, getScheduler(), link.keepAlive(), begun);
    }

    /** When the connection was begun, and when it was there; only of those that are told {@link #BEGUN}. */
    static Times times(EndPoint endPoint) {
        return ((Remembering) plain(endPoint)).times;
    }

    /** Whether the target has broken the connection. */
    static boolean wasReset(EndPoint endPoint) {
        return plain(endPoint) instanceof Remembering remembering && remembering.reset;
    }

    /** Whether the target has ended the connection, or broken it. */
    static boolean wasEnded(EndPoint endPoint) {
        return plain(endPoint) instanceof Remembering remembering && remembering.ended;
    }

    private static EndPoint plain(EndPoint endPoint) {
        return endPoint instanceof SslConnection.SslEndPoint tls
                ? tls.getSslConnection().getEndPoint()
                : endPoint;
    }

    record Times(long begun, long connected) {}

    private static final class Remembering extends SocketChannelEndPoint {

        private final Duration keepAlive;
        private final Times times;
        private volatile boolean reset;
        private volatile boolean ended;

        Remembering(
                SocketChannel channel,
                ManagedSelector selector,
                SelectionKey key,
                Scheduler scheduler,
                Duration keepAlive,
                long begun) {
            super(channel, selector, key, scheduler);
            this.keepAlive = keepAlive;
            times = new Times(begun, System.nanoTime());
        }

        @Override
        public void onOpen() {
            setIdleTimeout(keepAlive.toMillis()); // over that of all, which Jetty has set by now
            super.onOpen();
        }

        @Override
        public int fill(ByteBuffer buffer) {
            if (isInputShutdown()) {
                return -1;
            }
            int position = BufferUtil.flipToFill(buffer);
            int filled;
            try {
                filled = getChannel().read(buffer);
            } catch (IOException e) {
                reset = true;
                filled = -1;
            } finally {
                BufferUtil.flipToFlush(buffer, position);
            }
            if (filled > 0) {
                notIdle();
            } else if (filled < 0) {
                ended = true;
                shutdownInput();
            }
            return filled;
        }
    }
}
