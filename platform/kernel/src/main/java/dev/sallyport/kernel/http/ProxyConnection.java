package dev.sallyport.kernel.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ProxyConnectionFactory.ProxyEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose PROXY header has not come whole yet. Jetty has one of its own, which looks names up and keeps lines of
 * any length.
 */
final class ProxyConnection extends AbstractConnection implements Connection.UpgradeFrom {

    /** A proxy sends its header at once. */
    private static final long PATIENCE_SECONDS = 5;

    private final Connector connector;
    private final boolean mayTell;
    private final ProxyConnectionFactory factory;
    private final ByteBuffer buffer = BufferUtil.allocate(ProxyHeader.MOST_BYTES);
    private Scheduler.@Nullable Task limit;

    ProxyConnection(EndPoint endPoint, Connector connector, boolean mayTell, ProxyConnectionFactory factory) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
        this.mayTell = mayTell;
        this.factory = factory;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        if (!mayTell) {
            refuse("its PROXY header would not be believed, since it is none of trustedProxies");
            return;
        }
        limit = connector
                .getScheduler()
                .schedule(
                        () -> refuse("its PROXY header has not come within " + PATIENCE_SECONDS + " s"),
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
        fillInterested();
    }

    @Override
    public void onFillable() {
        try {
            while (true) {
                int filled = getEndPoint().fill(buffer);
                if (filled < 0) {
                    end();
                    return;
                }
                if (filled == 0) {
                    fillInterested();
                    return;
                }
                ProxyHeader header = ProxyHeader.parse(buffer);
                if (header != null) {
                    goOn(header);
                    return;
                }
            }
        } catch (ProxyHeader.MalformedException e) {
            refuse(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            end();
        }
    }

    private void goOn(ProxyHeader header) {
        if (limit != null && !limit.cancel()) {
            return; // it was too late
        }
        if (header.source() != null
                && !factory.admits(getEndPoint(), header.source().getAddress())) {
            end();
            return;
        }
        EndPoint told = new ProxyEndPoint(
                getEndPoint(),
                header.destination() == null ? getEndPoint().getLocalSocketAddress() : header.destination(),
                header.source() == null ? getEndPoint().getRemoteSocketAddress() : header.source());
        told.upgrade(factory.inner(connector, told));
    }

    /** What has come behind the header. */
    @Override
    public @Nullable ByteBuffer onUpgradeFrom() {
        return buffer.hasRemaining() ? buffer : null;
    }

    private void refuse(String why) {
        factory.refused(getEndPoint(), why);
        end();
    }

    private void end() {
        if (limit != null) {
            limit.cancel();
        }
        getEndPoint().close();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        if (limit != null) {
            limit.cancel();
        }
        super.onClose(cause);
    }
}
