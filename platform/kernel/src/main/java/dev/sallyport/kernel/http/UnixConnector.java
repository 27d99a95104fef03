package dev.sallyport.kernel.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections over a Unix socket, within the same limits as over TCP. The socket is made beside its place, given its mode, and moved there: so nobody
 * connects who may not, and what was left by a process that was killed is replaced in one step. A socket at which somebody
 * listens, and a file of another kind, are left alone.
 */
final class UnixConnector extends UnixDomainServerConnector {

    private final Path place;
    private final Set<PosixFilePermission> mode;
    private final Admission admission;
    private final Conversations conversations;
    private final AcceptFailures failures;
    private volatile @Nullable Object key;

    UnixConnector(
            Server server,
            String name,
            Path place,
            Set<PosixFilePermission> mode,
            Admission admission,
            Conversations conversations,
            ConnectionFactory... factories) {
        super(server, factories);
        this.admission = admission;
        this.conversations = conversations;
        this.place = place;
        this.mode = mode;
        failures = new AcceptFailures("listener " + name);
        setName(name);
        setAcceptQueueSize(1024);
        setUnixDomainPath(place.resolveSibling(place.getFileName() + ".new"));
    }

    Admission admission() {
        return admission;
    }

    /**
     * Called by the constructor above: what it makes looks at nothing of this before the first connection. From there on that is
     * waited for: a handshake of TLS may never end.
     */
    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new UnixDomainSelectorManager(executor, scheduler, selectors) {
            @Override
            protected EndPoint newEndPoint(SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
                EndPoint endPoint = super.newEndPoint(channel, selector, key);
                conversations.begin(endPoint, getName(), (Admission.Entry) key.attachment());
                return endPoint;
            }
        };
    }

    @Override
    protected void accept(int acceptorId) throws IOException {
        if (!(getTransport() instanceof ServerSocketChannel server)) {
            return;
        }
        SocketChannel channel = server.accept();
        Admission.Entry entry = admission.enter(null);
        if (entry == null) {
            channel.close();
            return;
        }
        try {
            channel.configureBlocking(false);
            configure(channel);
            getBean(SelectorManager.class).accept(channel, entry);
        } catch (IOException | RuntimeException gone) { // a reset, or the connector is being closed
            channel.close();
            entry.leave();
        }
    }

    @Override
    protected void doStart() throws Exception {
        refuseTaken();
        Files.deleteIfExists(getUnixDomainPath());
        super.doStart();
        try {
            Files.setPosixFilePermissions(getUnixDomainPath(), mode);
            Files.move(getUnixDomainPath(), place, StandardCopyOption.ATOMIC_MOVE);
            key = key();
        } catch (IOException e) {
            stop();
            throw e;
        }
    }

    private void refuseTaken() throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("there is a file that is no socket; remove it, or choose another path");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(place));
        } catch (IOException nobodyListens) {
            return;
        }
        throw new IOException("another process listens there; stop it, or choose another path");
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return AcceptFailures.isOfSystem(this, failure) ? failures.pause(failure) : super.handleAcceptFailure(failure);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
        super.onEndPointClosed(endPoint);
        conversations.forget(endPoint);
    }

    /** Jetty's own goes on listening. */
    @Override
    public CompletableFuture<Void> shutdown() {
        leave();
        return super.shutdown();
    }

    @Override
    protected void doStop() throws Exception {
        leave();
        super.doStop();
    }

    private void leave() {
        if (getTransport() instanceof ServerSocketChannel channel) {
            IO.close(channel);
        }
        Object own = key;
        key = null;
        try {
            if (own != null && own.equals(key())) { // else another listener has taken the place since
                Files.delete(place);
            }
        } catch (IOException gone) {
            // then there is nothing to remove
        }
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
