package dev.sallyport.plugins.iplist;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Publishes a list, as web servers do: with an entity tag and a date, and 304 to whom it has not changed. */
final class ListServer implements AutoCloseable {

    private static final String MODIFIED = "Tue, 24 Nov 2026 09:30:00 GMT";

    private final HttpServer server;
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private volatile String text = "";
    private volatile int status = 200;
    private volatile @Nullable String etag = "\"1\"";
    private volatile @Nullable String authorization;

    ListServer() throws IOException {
        this(0);
    }

    ListServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/list.txt";
    }

    /** Publishes that text from now on. */
    ListServer publish(String newText, @Nullable String newEtag) {
        text = newText;
        etag = newEtag;
        status = 200;
        return this;
    }

    ListServer fail(int newStatus) {
        status = newStatus;
        return this;
    }

    /** The statuses answered so far. */
    List<Integer> answers() {
        return List.copyOf(answers);
    }

    @Nullable
    String authorization() {
        return authorization;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            authorization = exchange.getRequestHeaders().getFirst("authorization");
            String tag = etag;
            boolean same = tag == null
                    ? MODIFIED.equals(exchange.getRequestHeaders().getFirst("if-modified-since"))
                    : tag.equals(exchange.getRequestHeaders().getFirst("if-none-match"));
            int answered = status == 200 && same ? 304 : status;
            answers.add(answered);
            if (tag != null) {
                exchange.getResponseHeaders().set("etag", tag);
            }
            exchange.getResponseHeaders().set("last-modified", MODIFIED);
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answered, answered == 200 && body.length > 0 ? body.length : -1);
            if (answered == 200 && body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
