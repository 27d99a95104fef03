package dev.sallyport.kernel.http;

import dev.sallyport.kernel.chain.LiveExchange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;

/**
 * A listener that takes no more connections, since the configuration has it no longer or at another address. Its exchanges
 * and tunnels go on; connections without one are closed. For one thread at a time.
 */
public final class LeavingListener {

    private final AbstractConnector connector;
    private final ExchangeHandler handler;
    private final Consumer<LeavingListener> onClose;

    /** Connections that ran no exchange when it was last looked. */
    private Set<EndPoint> idle = Set.of();

    LeavingListener(AbstractConnector connector, ExchangeHandler handler, Consumer<LeavingListener> onClose) {
        this.connector = connector;
        this.handler = handler;
        this.onClose = onClose;
    }

    /** Its name in the configuration. */
    public String name() {
        return connector.getName();
    }

    /** The exchanges that came by it and run now. */
    public List<LiveExchange> exchanges() {
        return handler.exchangesOf(connector);
    }

    /**
     * Closes the connections that run no exchange, and ran none when this was last called: between two looks a request may
     * have come that is only being parsed. What comes later is told by its answer to end.
     *
     * @return whether no connection is left
     */
    public boolean closeIdle() {
        Set<EndPoint> busy = handler.busy();
        Set<EndPoint> now = new HashSet<>();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            if (!busy.contains(endPoint)) {
                if (idle.contains(endPoint)) {
                    endPoint.close();
                } else {
                    now.add(endPoint);
                }
            }
        }
        idle = now;
        return connector.getConnectedEndPoints().isEmpty();
    }

    /** Closes what is left of it. */
    public void close() {
        onClose.accept(this);
    }

    AbstractConnector connector() {
        return connector;
    }
}
