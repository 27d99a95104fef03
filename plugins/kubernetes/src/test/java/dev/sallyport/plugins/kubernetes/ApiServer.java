package dev.sallyport.plugins.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.api.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An API server of a test, on loopback: lists and watches EndpointSlices as the documentation of the API words it
 * (resource versions, bookmarks, 410 Gone), over HTTP or HTTPS. Thread-safe.
 */
final class ApiServer implements AutoCloseable {

    private final int port;
    private final @Nullable SSLContext tls;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Map<String, Object>> slices = new LinkedHashMap<>();
    private long version = 100;
    private long oldest;
    private long closing;
    private @Nullable String token;
    private HttpServer server;
    private ExecutorService threads;

    /** A change: the version that it made. */
    private record Event(long version, String service, String type, Map<String, Object> object) {}

    private ApiServer(int port, @Nullable SSLContext tls) {
        this.port = port;
        this.tls = tls;
    }

    static ApiServer start() throws IOException {
        return start(null);
    }

    /** @param tls with the certificate that it shows; null for plain HTTP */
    static ApiServer start(@Nullable SSLContext tls) throws IOException {
        ApiServer server;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server = new ApiServer(free.getLocalPort(), tls);
        }
        server.begin();
        return server;
    }

    void begin() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        if (tls == null) {
            server = HttpServer.create(address, 0);
        } else {
            HttpsServer secured = HttpsServer.create(address, 0);
            secured.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secured;
        }
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    void end() {
        server.stop(0);
        threads.shutdownNow();
        synchronized (this) {
            notifyAll();
        }
    }

    URI address() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + port);
    }

    /** Paths and queries so far. */
    List<String> requests() {
        return requests;
    }

    /** Answers 401 to whoever has another token. */
    synchronized void asksFor(String expected) {
        token = expected;
    }

    /** Makes or changes a slice of the namespace default. */
    synchronized void put(String service, String name, List<?> ports, List<?> endpoints) {
        version++;
        Map<String, Object> slice = new LinkedHashMap<>();
        slice.put("apiVersion", "discovery.k8s.io/v1");
        slice.put("kind", "EndpointSlice");
        slice.put(
                "metadata",
                Map.of(
                        "name",
                        name,
                        "resourceVersion",
                        Long.toString(version),
                        "labels",
                        Map.of("kubernetes.io/service-name", service)));
        slice.put("addressType", "IPv4");
        slice.put("ports", ports);
        slice.put("endpoints", endpoints);
        String type = slices.put(service + "/" + name, slice) == null ? "ADDED" : "MODIFIED";
        add(new Event(version, service, type, slice));
    }

    synchronized void delete(String service, String name) {
        version++;
        Map<String, Object> slice = slices.remove(service + "/" + name);
        Map<String, Object> last = new LinkedHashMap<>(slice);
        last.put("metadata", Map.of("name", name, "resourceVersion", Long.toString(version)));
        add(new Event(version, service, "DELETED", last));
    }

    /** Tells all watches the version that they have seen all changes up to. */
    synchronized void bookmark(String service) {
        version++;
        add(new Event(
                version, service, "BOOKMARK", Map.of("metadata", Map.of("resourceVersion", Long.toString(version)))));
    }

    /** Forgets what happened so far, and ends all watches. */
    synchronized void forget() {
        oldest = version + 1;
        version += 10;
        endWatches();
    }

    /** Ends all watches, as it does when their time is over. */
    synchronized void endWatches() {
        closing++;
        notifyAll();
    }

    private void add(Event event) {
        events.add(event);
        notifyAll();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI().toString());
        String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
        String service = query.replaceFirst("^.*kubernetes.io/service-name=([^&]*).*$", "$1");
        boolean known = exchange.getRequestURI()
                .getPath()
                .equals("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices");
        try (exchange) {
            String expected = token;
            String given = exchange.getRequestHeaders().getFirst("authorization");
            if (expected != null && !("Bearer " + expected).equals(given)) {
                answer(exchange, 401, Map.of("kind", "Status", "message", "Unauthorized", "code", 401));
            } else if (query.contains("watch=true")) {
                watch(exchange, service, Long.parseLong(query.replaceFirst("^.*resourceVersion=(\\d+).*$", "$1")));
            } else {
                answer(exchange, 200, list(known ? service : ""));
            }
        }
    }

    private synchronized Map<String, Object> list(String service) {
        List<Object> items = new ArrayList<>();
        slices.forEach((key, slice) -> {
            if (key.startsWith(service + "/")) {
                items.add(slice);
            }
        });
        return Map.of("metadata", Map.of("resourceVersion", Long.toString(version)), "items", items);
    }

    private void watch(HttpExchange exchange, String service, long from) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.flush();
        long seen = from;
        long begun;
        synchronized (this) {
            begun = closing;
            if (from < oldest) {
                line(out, "ERROR", Map.of("kind", "Status", "code", 410, "message", "too old resource version"));
                return;
            }
        }
        while (!threads.isShutdown()) {
            List<Event> news = new ArrayList<>();
            synchronized (this) {
                for (Event event : events) {
                    if (event.version() > seen && event.service().equals(service)) {
                        news.add(event);
                        seen = event.version();
                    }
                }
                if (news.isEmpty()) {
                    if (closing != begun) {
                        return;
                    }
                    try {
                        wait(100);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }
            if (news.isEmpty()) {
                out.write(' '); // finds out whether the client is still there
                out.flush();
            }
            for (Event event : news) {
                line(out, event.type(), event.object());
            }
        }
    }

    private static void line(OutputStream out, String type, Map<String, Object> object) throws IOException {
        out.write((Json.write(Map.of("type", type, "object", object)) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        end();
    }
}
