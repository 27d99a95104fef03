package dev.sallyport.kernel.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The service behind the demo: answers a request with what it saw of it, as JSON; with {@code ?status=503}, with that
 * status.
 */
final class SampleBackend implements AutoCloseable {

    private static final Pattern STATUS = Pattern.compile("(?:^|&)status=([2-5]\\d\\d)(?:&|$)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    SampleBackend() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", SampleBackend::answer);
        server.start();
    }

    /** Host and port. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().skip(Long.MAX_VALUE);
            byte[] body = describe(exchange).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status(exchange.getRequestURI()), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String describe(HttpExchange exchange) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("service", "sample backend");
        json.put("method", exchange.getRequestMethod());
        json.put("path", exchange.getRequestURI().toString());
        ObjectNode headers = json.putObject("headers");
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return json.toPrettyString() + "\n";
    }

    private static int status(URI uri) {
        Matcher status = STATUS.matcher(uri.getRawQuery() == null ? "" : uri.getRawQuery());
        return status.find() ? Integer.parseInt(status.group(1)) : 200;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
