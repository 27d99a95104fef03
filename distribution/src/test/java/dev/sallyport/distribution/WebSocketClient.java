package dev.sallyport.distribution;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The JDK's WebSocket client, which notes all that comes. */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> pongs = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private WebSocket socket;

    private WebSocketClient() {}

    /** Connects; fails with a {@link java.net.http.WebSocketHandshakeException} where that is refused. */
    static WebSocketClient connect(URI address, String path, String... headers) throws Exception {
        WebSocketClient client = new WebSocketClient();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        URI uri = URI.create("ws://" + address.getAuthority() + path);
        client.socket = builder.buildAsync(uri, client).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return client;
    }

    WebSocket socket() {
        return socket;
    }

    /** Sends a text and waits for its echo. */
    String echo(String message) throws Exception {
        socket.sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return nextText();
    }

    /** The next text that comes, or how the connection has ended instead. */
    String nextText() throws Exception {
        return next(texts, end.thenApply(how -> "closed: " + how));
    }

    byte[] nextBinary() throws Exception {
        return next(binaries, end.thenApply(String::getBytes));
    }

    ByteBuffer nextPong() throws Exception {
        return next(pongs, end.thenApply(how -> ByteBuffer.wrap(how.getBytes())));
    }

    private static <T> T next(BlockingQueue<T> queue, CompletableFuture<T> instead) throws Exception {
        T next = queue.poll();
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (next == null && !instead.isDone()) {
            if (System.nanoTime() - giveUp > 0) {
                throw new AssertionError("nothing comes");
            }
            next = queue.poll(100, TimeUnit.MILLISECONDS);
        }
        return next == null ? instead.get() : next;
    }

    boolean isOpen() {
        return !end.isDone();
    }

    /** How it ends: the code and the reason of the close frame, or an error. */
    String awaitEnd() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            binaries.add(binary.toByteArray());
            binary.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        ByteBuffer copy = ByteBuffer.allocate(message.remaining()).put(message).flip();
        pongs.add(copy);
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        end.complete(status + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        end.complete("error " + error);
    }

    /** Breaks the connection off. */
    @Override
    public void close() {
        socket.abort();
    }
}
