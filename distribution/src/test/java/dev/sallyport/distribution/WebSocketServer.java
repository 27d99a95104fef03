package dev.sallyport.distribution;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** An upstream on Jetty's WebSocket server: sends back what it gets, and notes how its sockets are closed. */
final class WebSocketServer implements AutoCloseable {

    private static final long LARGEST_MESSAGE = 64 << 20;

    private final Server server = new Server();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Queue<Integer> closes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pongs = new AtomicInteger();

    WebSocketServer() {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ZERO);
            container.setMaxTextMessageSize(LARGEST_MESSAGE);
            container.setMaxBinaryMessageSize(LARGEST_MESSAGE);
            container.addMapping("/*", (request, response, callback) -> new Echo());
        }));
        try {
            server.start();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    /** The sockets that are open. */
    Set<Session> sessions() {
        return sessions;
    }

    /** The codes with which sockets were closed, in that order. */
    List<Integer> closes() {
        return List.copyOf(closes);
    }

    /** How many pongs have come. */
    int pongs() {
        return pongs.get();
    }

    /** Public, since Jetty calls it by its methods' handles. */
    public final class Echo implements Session.Listener.AutoDemanding {

        private Session session;

        private Echo() {}

        @Override
        public void onWebSocketOpen(Session opened) {
            session = opened;
            sessions.add(opened);
        }

        @Override
        public void onWebSocketText(String message) {
            session.sendText(message, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            ByteBuffer copy =
                    ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            session.sendBinary(copy, callback);
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            pongs.incrementAndGet();
        }

        @Override
        public void onWebSocketClose(int status, String reason, Callback callback) {
            closes.add(status);
            sessions.remove(session);
            callback.succeed();
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
