package dev.sallyport.kernel.http;

import dev.sallyport.api.Problem;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.tls.ServerTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A small server beside the listeners, for what the gateway says of itself. It stands on platform threads of its own, so it
 * answers also while exchanges keep every carrier of virtual threads busy.
 */
public final class SideServer implements AutoCloseable {

    private static final int SLOW_THREADS = 16;
    private static final int SLOW_QUEUE = 256;

    private final Server server;
    private final ServerConnector connector;
    private final Address address;

    /** Answers one request; called by several threads at once. */
    @FunctionalInterface
    public interface SideHandler {
        Answer answer(Query query) throws Exception;

        /** Whether answering that path may take long, so that it gets a thread beside the few of the server. */
        default boolean takesLong(String path) {
            return false;
        }
    }

    /**
     * A request.
     *
     * @param parameters of the query, the last of a name
     * @param headers the first of a name, which is in lower case
     * @param body not read yet; whoever reads it sets a limit
     * @param length the length of the body in bytes as the client says; -1 where it does not
     * @param secure whether it came over TLS
     * @param peer the address of the other end; empty where it has none
     * @param certificate what the client has shown, and was found good; null for none
     */
    public record Query(
            String method,
            String path,
            Map<String, String> parameters,
            Map<String, String> headers,
            InputStream body,
            long length,
            boolean secure,
            String peer,
            @Nullable X509Certificate certificate) {

        /** The first value of a header field; its name in lower case. */
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /** Writes a body piece by piece. */
    @FunctionalInterface
    public interface Stream {

        /**
         * Writes all of it.
         *
         * @throws IOException where the caller is gone
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;

        /** It will not be written, or not any more. */
        default void close() {}
    }

    /**
     * A response.
     *
     * @param body in UTF-8 where it is a text; not copied
     * @param stream what follows the body, on a thread of its own, for as long as it likes; null for nothing
     */
    public record Answer(
            int status,
            String contentType,
            ByteBuffer body,
            Map<String, String> headers,
            @Nullable Stream stream) {

        /** One without a stream. */
        public Answer(int status, String contentType, String body, Map<String, String> headers) {
            this(status, contentType, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), headers, null);
        }

        /** One that goes on until its caller leaves, or the stream ends. */
        public static Answer streamed(String contentType, Stream stream) {
            return new Answer(200, contentType, ByteBuffer.allocate(0), Map.of(), stream);
        }

        /** A JSON text. */
        public static Answer json(int status, String json) {
            return new Answer(status, "application/json", json, Map.of());
        }

        /** A plain text. */
        public static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text, Map.of());
        }

        /** A problem. */
        public static Answer problem(Problem problem) {
            return new Answer(problem.status(), "application/problem+json", problem.toJson(), Map.of());
        }

        /** This answer with a header field. */
        public Answer withHeader(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, contentType, body, more, stream);
        }
    }

    /**
     * Starts serving.
     *
     * @param name for its threads
     * @throws IOException where the address cannot be bound
     */
    public SideServer(String name, Address address, SideHandler handler) throws IOException {
        this(name, address, handler, null);
    }

    /**
     * Starts serving.
     *
     * @param tls null for clear text
     * @throws IOException where the address cannot be bound
     */
    public SideServer(String name, Address address, SideHandler handler, @Nullable ServerTls tls) throws IOException {
        this.address = address;
        // Jetty's own queue asks JMX how large a line of the processor's cache is, for a tenth of a second at start.
        QueuedThreadPool threads = new QueuedThreadPool(8, 1, new LinkedBlockingQueue<>());
        threads.setName(name);
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        server = new Server(threads);
        AcceptFailures failures = new AcceptFailures(name);
        HttpConnectionFactory http = new HttpConnectionFactory(Connectors.configuration());
        ConnectionFactory[] factories = tls == null
                ? new ConnectionFactory[] {http}
                : new ConnectionFactory[] {new TlsConnectionFactory(tls, http.getProtocol()), http};
        connector = new ServerConnector(server, 1, 1, factories) {
            @Override
            protected boolean handleAcceptFailure(Throwable failure) {
                return AcceptFailures.isOfSystem(this, failure)
                        ? failures.pause(failure)
                        : super.handleAcceptFailure(failure);
            }
        };
        connector.setHost(address.host());
        connector.setPort(address.port());
        server.addConnector(connector);
        server.setHandler(new Adapter(name, handler));
        server.setErrorHandler(new ProblemErrorHandler(null));
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new IOException(name + ": cannot bind " + address + ": " + e.getMessage(), e);
        }
    }

    /** Where it serves, with the port that was really taken. */
    public Address address() {
        return new Address(address.host(), connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Adapter extends Handler.Abstract {

        private final SideHandler handler;

        /** Ends its threads when they are idle; what it has queued is little. */
        private final ThreadPoolExecutor slow;

        Adapter(String name, SideHandler handler) {
            slow = new ThreadPoolExecutor(
                    SLOW_THREADS,
                    SLOW_THREADS,
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(SLOW_QUEUE),
                    Thread.ofPlatform().daemon().name(name + "-slow-", 0).factory());
            slow.allowCoreThreadTimeOut(true);
            this.handler = handler;
        }

        @Override
        protected void doStop() throws Exception {
            slow.shutdown();
            super.doStop();
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!handler.takesLong(path(request))) {
                write(answer(request, Content.Source.asInputStream(request)), request, response, callback);
                return true;
            }
            if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
                begin(request, Content.Source.asInputStream(request), response, callback);
            } else {
                // Who sends a body slowly holds no thread meanwhile.
                new BodyStart(request, body -> begin(request, body, response, callback), callback::failed).run();
            }
            return true;
        }

        private void begin(Request request, InputStream body, Response response, Callback callback) {
            try {
                slow.execute(() -> {
                    try {
                        write(answer(request, body), request, response, callback);
                    } catch (Throwable e) { // else the connection would wait for ever
                        System.getLogger("admin")
                                .log(
                                        System.Logger.Level.ERROR,
                                        "answering " + request.getHttpURI().getPath(),
                                        e);
                        callback.failed(e);
                    }
                });
            } catch (RejectedExecutionException e) {
                write(
                        Answer.problem(new Problem(503, "overloaded", "Overloaded")
                                .withDetail("more pages are asked for than there are threads; ask again")),
                        request,
                        response,
                        callback);
            }
        }

        private static void write(Answer answer, Request request, Response response, Callback callback) {
            Stream stream = answer.stream();
            try {
                response.setStatus(answer.status());
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.contentType());
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
                if (stream != null && request.getMethod().equals("GET")) {
                    stream(stream, request, response, callback);
                    return;
                }
            } catch (RuntimeException | Error e) { // a header field that none can be, or no thread any more
                if (stream != null) {
                    stream.close();
                }
                throw e;
            }
            if (stream != null) {
                stream.close();
            }
            response.write(true, answer.body().slice(), callback);
        }

        private static String path(Request request) {
            return request.getHttpURI().getCanonicalPath();
        }

        /** On a thread of its own: the few of the server are for answers. */
        private static void stream(Stream stream, Request request, Response response, Callback callback) {
            request.addIdleTimeoutListener(idle -> false); // what follows something may wait long for it
            Thread.ofPlatform().daemon().name("admin-stream").start(() -> {
                try (OutputStream out = Content.Sink.asOutputStream(response)) {
                    stream.writeTo(out);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    callback.failed(e);
                    return;
                } finally {
                    stream.close();
                }
                callback.succeeded();
            });
        }

        private Answer answer(Request request, InputStream body) {
            try {
                Map<String, String> headers = new LinkedHashMap<>();
                TlsFacts tls = TlsFacts.of(request.getConnectionMetaData());
                request.getHeaders().forEach(field -> headers.putIfAbsent(field.getLowerCaseName(), field.getValue()));
                return handler.answer(new Query(
                        request.getMethod(),
                        path(request),
                        parameters(request),
                        headers,
                        body,
                        request.getLength(),
                        tls != null,
                        peer(request),
                        tls == null
                                ? null
                                : tls.told().clientCertificates().stream()
                                        .findFirst()
                                        .orElse(null)));
            } catch (HttpException.RuntimeException e) {
                return Answer.problem(new Problem(400, "bad-request", "Bad request")
                        .withDetail("the query is not percent-encoded UTF-8"));
            } catch (Exception e) {
                System.getLogger("admin")
                        .log(
                                System.Logger.Level.ERROR,
                                "answering " + request.getHttpURI().getPath(),
                                e);
                return Answer.problem(new Problem(500, "internal-error", "Internal error"));
            }
        }

        private static String peer(Request request) {
            return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress inet
                    ? inet.getHostString()
                    : "";
        }

        private static Map<String, String> parameters(Request request) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                parameters.put(field.getName(), Objects.requireNonNullElse(field.getValue(), ""));
            }
            return parameters;
        }
    }
}
