package dev.sallyport.plugins.messagepolicy;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ServerHandshake;

/** A client, of the library Java-WebSocket, that offers to compress. */
final class CompressingClient extends WebSocketClient implements AutoCloseable {

    final List<String> texts = new CopyOnWriteArrayList<>();
    String extensions = "?";

    CompressingClient(URI gateway) throws InterruptedException {
        super(URI.create("ws://" + gateway.getAuthority() + "/"), new Draft_6455(new PerMessageDeflateExtension()));
        setConnectionLostTimeout(0);
        if (!connectBlocking(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no connection");
        }
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
        extensions = handshake.getFieldValue("Sec-WebSocket-Extensions");
    }

    @Override
    public void onMessage(String message) {
        texts.add(message);
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception failure) {}
}
