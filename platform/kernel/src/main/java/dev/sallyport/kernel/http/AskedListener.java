package dev.sallyport.kernel.http;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.AskedExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ListenerConfig;
import dev.sallyport.kernel.http.Received.Own;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads requests as a listener would, without one: by the same parser, under the same settings and rules, in memory. So what
 * is refused here is what would be refused there. Nothing is counted, and nothing is sent on. It speaks HTTP/1.1. Thread-safe.
 */
public final class AskedListener implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final Server server;
    private final Supplier<Map<String, Address>> addresses;
    private final Map<Connector, Question> questions = new ConcurrentHashMap<>();

    private record Question(
            Asked asked, GatewayConfig config, ListenerConfig listener, CompletableFuture<Received> read) {}

    /** @param addresses where listeners are, by name: some send clients on to each other */
    public AskedListener(Supplier<Map<String, Address>> addresses) {
        this.addresses = addresses;
        QueuedThreadPool threads = new QueuedThreadPool(32, 0, new LinkedBlockingQueue<>()); // see SideServer
        threads.setName("asked");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        server = new Server(threads);
        server.setHandler(new Reader());
        server.setErrorHandler(new ProblemErrorHandler(null));
        server.setStopTimeout(0);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where listeners are, by name. */
    public Map<String, Address> addresses() {
        return addresses.get();
    }

    /** One for a configuration that no gateway runs on. */
    public static AskedListener offline(GatewayConfig config) {
        Map<String, Address> written = config.listeners().stream()
                .collect(Collectors.toMap(ListenerConfig::name, ListenerConfig::address, (one, other) -> one));
        return new AskedListener(() -> written);
    }

    /**
     * What a listener makes of a request.
     *
     * @param config has that listener
     * @throws IllegalArgumentException where there is no listener of that name
     */
    public Received read(Asked asked, GatewayConfig config) throws InterruptedException {
        ListenerConfig listener = config.listeners().stream()
                .filter(each -> each.name().equals(asked.listener()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(asked.listener() + " (expected: a listener: "
                        + config.listeners().stream().map(ListenerConfig::name).collect(Collectors.joining(", "))
                        + ")"));
        HttpConfiguration settings = Connectors.configuration();
        settings.setRequestHeaderSize(
                Math.toIntExact(Math.min(listener.limits().headers().bytes(), Integer.MAX_VALUE)));
        LocalConnector connector = new LocalConnector(server, null, null, null, 1, new HttpConnectionFactory(settings));
        Question question = new Question(asked, config, listener, new CompletableFuture<>());
        questions.put(connector, question);
        try {
            connector.start();
            ByteBuffer head = ByteBuffer.wrap(asked.head()); // alone: the body is nobody's concern here
            ByteBuffer answer = connector.getResponse(head, false, PATIENCE_SECONDS, TimeUnit.SECONDS);
            Received read = question.read().getNow(null);
            return read != null ? read : unreadable(answer);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            questions.remove(connector);
            stop(connector);
        }
    }

    private static void stop(LocalConnector connector) {
        try {
            connector.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of the answer to what no handler was shown, which is a problem. */
    private static Received unreadable(@Nullable ByteBuffer answer) {
        String text = answer == null
                ? ""
                : StandardCharsets.UTF_8.decode(answer.duplicate()).toString();
        String[] words = text.split(" ", 3);
        int status = words.length > 1 && words[1].matches("\\d{3}") ? Integer.parseInt(words[1]) : 400;
        int end = text.indexOf("\r\n\r\n");
        String why = "";
        if (end >= 0) {
            try {
                JsonNode problem = JsonMapper.shared().readTree(text.substring(end + 4));
                why = problem.path("detail").asString(problem.path("title").asString(""));
            } catch (JacksonException noProblem) {
                // then the status says it all
            }
        }
        return new Received.Unreadable(new Own(status, why));
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notes what was read, and answers nothing that matters. */
    private final class Reader extends Handler.Abstract {

        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request incoming,
                org.eclipse.jetty.server.Response outgoing,
                Callback callback) {
            Question question = questions.get(incoming.getConnectionMetaData().getConnector());
            if (question != null) {
                question.read().complete(read(incoming, question));
            }
            outgoing.setStatus(204);
            callback.succeeded();
            return true;
        }

        private Received read(org.eclipse.jetty.server.Request incoming, Question question) {
            Asked asked = question.asked();
            ListenerConfig listener = question.listener();
            Serving.Rules rules = Serving.Rules.of(listener);
            Reception reception =
                    Reception.of(incoming, asked.peer(), listener.tls() == null ? "http" : "https", rules);
            String method = incoming.getMethod();
            ParsedTarget target = reception.target(incoming, method, limit -> {});
            String id = RequestIds.kept(
                    question.config().requestId(),
                    reception.raw(),
                    reception.origin().isTrusted());
            AskedExchange exchange = new AskedExchange(
                    id == null ? AskedExchange.NO_ID : id,
                    listener.name(),
                    reception.origin().scheme(),
                    reception.protocol(),
                    reception.origin().client(),
                    asked.peer());
            Headers headers = reception.headers(question.config().requestId().header(), exchange.id());
            Headers onward = MaxForwards.spent(method, headers);
            Request request = new Request(
                    method,
                    target instanceof ParsedTarget.Accepted accepted ? accepted.target() : new RequestTarget("/", null),
                    onward == null ? headers : onward,
                    asked.body(),
                    reception.upgrade(),
                    exchange);
            Response own = onward == null ? Response.of(204) : reception.answer(request, target, null, addresses);
            return new Received.Read(
                    reception.raw(),
                    reception.origin(),
                    request,
                    exchange,
                    rules.limits().maxBody() == null
                            ? Long.MAX_VALUE
                            : rules.limits().maxBody().bytes(),
                    own == null ? null : new Own(own.status(), why(own)));
        }

        private static String why(Response own) {
            Problem problem = own.problem();
            if (problem != null) {
                return problem.detail() == null ? problem.title() : problem.detail();
            }
            String location = own.header("location");
            return location == null ? "" : "to " + location;
        }
    }
}
