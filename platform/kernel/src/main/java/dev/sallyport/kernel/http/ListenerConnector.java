package dev.sallyport.kernel.http;

import dev.sallyport.kernel.config.ListenerConfig;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A connector that takes so many connections, in all and of one address, and no more than there are file descriptors for;
 * it closes what is more at once: before anything is read, written or kept for it.
 */
final class ListenerConnector extends ServerConnector {

    private static final int QUEUE = 1024;

    private final Admission admission;
    private final Conversations conversations;
    private final AcceptFailures failures;

    ListenerConnector(
            Server server,
            ListenerConfig listener,
            Admission admission,
            Conversations conversations,
            ConnectionFactory... factories) {
        super(server, factories);
        this.admission = admission;
        this.conversations = conversations;
        failures = new AcceptFailures("listener " + listener.name());
        setName(listener.name());
        setHost(listener.address().host());
        setPort(listener.address().port());
        setAcceptQueueSize(QUEUE);
    }

    Admission admission() {
        return admission;
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        if (!(getTransport() instanceof ServerSocketChannel server) || !server.isOpen()) {
            return;
        }
        SocketChannel channel = server.accept();
        if (channel == null) {
            return;
        }
        Admission.Entry entry = admission.enter(channel.socket().getInetAddress());
        if (entry == null) {
            channel.close();
            return;
        }
        try {
            channel.configureBlocking(false);
            configure(channel.socket());
            getSelectorManager().accept(channel, entry);
        } catch (IOException | RuntimeException gone) { // a reset, or the connector is being closed
            channel.close();
            entry.leave();
        }
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return AcceptFailures.isOfSystem(this, failure) ? failures.pause(failure) : super.handleAcceptFailure(failure);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key)
            throws IOException {
        SocketChannelEndPoint endPoint = super.newEndPoint(channel, selector, key);
        conversations.begin(endPoint, getName(), (Admission.Entry) key.attachment());
        return endPoint;
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        conversations.forget(endPoint);
    }
}
