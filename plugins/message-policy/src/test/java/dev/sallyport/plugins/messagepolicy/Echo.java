package dev.sallyport.plugins.messagepolicy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** A WebSocket server, of the library Java-WebSocket, that compresses where it may: sends back what comes. */
final class Echo extends WebSocketServer {

    final List<String> received = new CopyOnWriteArrayList<>();
    final List<Integer> closed = new CopyOnWriteArrayList<>();
    final List<String> extensions = new CopyOnWriteArrayList<>();
    private final CountDownLatch started = new CountDownLatch(1);

    Echo() throws InterruptedException {
        super(new InetSocketAddress("127.0.0.1", 0), 1, List.of(new Draft_6455(new PerMessageDeflateExtension())));
        setReuseAddr(true);
        setDaemon(true);
        setConnectionLostTimeout(0);
        start();
        started.await();
    }

    String address() {
        return "http://127.0.0.1:" + getPort();
    }

    /** Sends to all. */
    void say(String text) {
        broadcast(text);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        extensions.add(handshake.getFieldValue("Sec-WebSocket-Extensions"));
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
        closed.add(code);
    }

    @Override
    public void onMessage(WebSocket socket, String message) {
        received.add(message);
        socket.send(message);
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        socket.send(message);
    }

    @Override
    public void onError(WebSocket socket, Exception failure) {}

    @Override
    public void onStart() {
        started.countDown();
    }

    void end() throws InterruptedException {
        stop(1000);
    }
}
