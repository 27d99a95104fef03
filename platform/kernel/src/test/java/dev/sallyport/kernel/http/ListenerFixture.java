package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Next;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.Generations;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.config.Written;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.kernel.trace.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.ByteBufferPool;

/** One listener in this process, asked over real sockets. */
final class ListenerFixture implements AutoCloseable {

    final LinkedBlockingQueue<Completion> completions = new LinkedBlockingQueue<>();
    final Listeners listeners;
    final int port;
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private volatile Next entry = request -> Response.text(200, "ok");

    /** With further keys of a listener. */
    ListenerFixture(String... keys) throws IOException {
        this(null, keys);
    }

    /** With buffers of that pool. */
    ListenerFixture(ByteBufferPool buffers, String... keys) throws IOException {
        serve(keys);
        listeners = new Listeners(
                serving, exchange -> {}, new Acme(Path.of("target", "acme")), new Tracing(Clock.systemUTC()), buffers);
        listeners.apply(List.of(Written.listener(keys)));
        port = listeners.addresses().get("web").port();
    }

    private void serve(String... keys) {
        ListenerConfig listener = Written.listener(keys);
        Generation generation = Generations.of(listener, request -> {
            request.exchange().onComplete(completions::add);
            return entry.proceed(request);
        });
        serving.set(Serving.of(generation));
    }

    /** Other keys hold from now on. */
    void change(String... keys) throws IOException {
        serve(keys);
        listeners.apply(List.of(Written.listener(keys)));
    }

    ListenerFixture answering(Next next) {
        entry = next;
        return this;
    }

    long hits(Limit limit) {
        return listeners.limitHits().count("web", limit);
    }

    Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    /** From that address of loopback. */
    Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        try {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        } catch (SocketException closedMeanwhile) {
            // what was answered before is still read
        }
    }

    /** All that comes until the other end closes. */
    static String readAll(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // counts as the end
        }
        return all.toString(ISO_8859_1);
    }

    /** All that comes up to and with that text. */
    static String readTo(Socket socket, String end) throws IOException {
        StringBuilder all = new StringBuilder();
        while (!all.toString().endsWith(end)) {
            int read = socket.getInputStream().read();
            if (read < 0) {
                break;
            }
            all.append((char) read);
        }
        return all.toString();
    }

    /** The answer to one request over a connection of its own. */
    String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return readAll(socket);
        }
    }

    /** Whether an ordinary request is answered. */
    boolean answers() throws IOException {
        return ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200 ");
    }

    @Override
    public void close() {
        listeners.close();
    }
}
