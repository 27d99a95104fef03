package dev.sallyport.kernel.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
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
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections over a Unix socket. The socket is made beside its place, given its mode, and moved there: so nobody
 * connects who may not, and what was left by a process that was killed is replaced in one step. A socket at which somebody
 * listens, and a file of another kind, are left alone.
 */
final class UnixConnector extends UnixDomainServerConnector {

    private final Path place;
    private final Set<PosixFilePermission> mode;
    private final Conversations conversations;
    private final AcceptFailures failures;
    private volatile @Nullable Object key;

    UnixConnector(
            Server server,
            String name,
            Path place,
            Set<PosixFilePermission> mode,
            Conversations conversations,
            ConnectionFactory... factories) {
        super(server, factories);
        this.place = place;
        this.mode = mode;
        this.conversations = conversations;
        failures = new AcceptFailures("listener " + name);
        setName(name);
        setAcceptQueueSize(1024);
        setUnixDomainPath(place.resolveSibling(place.getFileName() + ".new"));
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

    /** From here on it is waited for: a handshake of TLS may never end. */
    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        conversations.of(endPoint, getName());
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
