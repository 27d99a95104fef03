package dev.sallyport.kernel.http;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.Problems;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ListenerLimits;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.http.LimitHits.Limit;
import dev.sallyport.kernel.tls.Challenges;
import dev.sallyport.kernel.trace.Recording;
import dev.sallyport.kernel.trace.Tracing;
import dev.sallyport.kernel.upstream.Cancellation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Makes an exchange of what Jetty has parsed, runs it, and has the response written: all on one virtual thread. */
final class ExchangeHandler extends Handler.Abstract {

    private static final Serving.Rules USUAL =
            new Serving.Rules(new ClientAddress(null), PathPolicy.DEFAULT, ListenerLimits.DEFAULT, null);

    private final AtomicReference<@Nullable Serving> serving;
    private final Consumer<LiveExchange> onEnd;
    private final Supplier<Map<String, Address>> addresses;
    private final Challenges challenges;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Those that run now, and the connection of each. */
    private final Map<LiveExchange, Line> exchanges = new ConcurrentHashMap<>();

    private final Conversations conversations;
    private final LimitHits hits;
    private final Tracing tracing;
    private final ResponseWriter writer;

    /** A connection, and the connector by which it came. */
    private record Line(Connector connector, EndPoint endPoint) {}

    ExchangeHandler(
            AtomicReference<@Nullable Serving> serving,
            Consumer<LiveExchange> onEnd,
            Conversations conversations,
            LimitHits hits,
            Supplier<Map<String, Address>> addresses,
            Challenges challenges,
            Tracing tracing) {
        this.serving = serving;
        this.onEnd = onEnd;
        this.conversations = conversations;
        this.hits = hits;
        this.addresses = addresses;
        this.challenges = challenges;
        this.tracing = tracing;
        writer = new ResponseWriter(hits);
    }

    /** The exchanges that run now, and the listener by which each came. */
    Map<LiveExchange, String> ways() {
        return exchanges.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().connector().getName()));
    }

    /** The exchanges that run now. */
    Set<LiveExchange> exchanges() {
        return Collections.unmodifiableSet(exchanges.keySet());
    }

    /** Those of them that came by that connector. */
    List<LiveExchange> exchangesOf(Connector connector) {
        return exchanges.entrySet().stream()
                .filter(each -> each.getValue().connector().equals(connector))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The connections on which they run. */
    Set<EndPoint> busy() {
        return exchanges.values().stream().map(Line::endPoint).collect(Collectors.toSet());
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request incoming, org.eclipse.jetty.server.Response outgoing, Callback callback) {
        @Nullable Conversation conversation = conversation(incoming);
        if (!conversation.enter()) {
            conversation.leave();
            callback.failed(Quiet.of(new ClientGoneException("the head came too late")));
            return true;
        }
        Arrival arrival = begin(incoming, outgoing);
        LiveExchange exchange = arrival.exchange();
        exchanges.put(exchange, line(incoming.getConnectionMetaData()));
        inFlight.incrementAndGet();
        incoming.addIdleTimeoutListener(idle -> false); // an exchange has limits of its own: idleness is not failure
        Cancellation cancellation = exchange.cancellation();
        incoming.addFailureListener(failure -> clientGone(cancellation, failure));
        try {
            Reception reception = arrival.reception();
            boolean http2 = reception.http2();
            boolean webSocket = http2 && ExtendedConnect.isWebSocket(incoming);
            String method = webSocket ? "GET" : incoming.getMethod();
            ParsedTarget target = reception.target(incoming, method, limit -> hit(exchange, limit));
            Headers headers = reception.headers(arrival.idHeader(), exchange.id());
            if (webSocket) {
                headers = ExtendedConnect.asUpgrade(headers);
            }
            Headers onward = MaxForwards.spent(method, headers);
            Body body = webSocket ? Body.empty() : body(incoming, arrival);
            Request request = new Request(
                    method,
                    target instanceof ParsedTarget.Accepted accepted ? accepted.target() : new RequestTarget("/", null),
                    onward == null ? headers : onward,
                    body,
                    webSocket ? "websocket" : reception.upgrade(),
                    exchange);
            request = exchange.observe(request);
            if (tracing.isWanted()) {
                record(request, reception.raw());
            }
            Response response = (onward == null ? Response.of(204) : respond(request, target, arrival))
                    .withHeader(arrival.idHeader(), exchange.id());
            if (webSocket) {
                response = ExtendedConnect.answer(request, response);
            }
            exchange.observed(response);
            exchange.answered();
            Tunnel tunnel = response.tunnel();
            if (tunnel != null) {
                conversation = null; // it is none any more: what is silent is the tunnel's matter
                TunnelSwitch.run(incoming, outgoing, callback, request, response, tunnel);
            } else {
                writer.write(
                        outgoing,
                        body instanceof JettyBody sent && reception.keepsConnection()
                                ? afterRestOf(sent, callback)
                                : callback,
                        request,
                        ProblemForms.fit(request, response),
                        http2,
                        reception.rules().limits().sendTimeout());
            }
        } catch (ClientGoneException gone) {
            exchange.complete(499, Outcome.CLIENT_GONE, gone.getMessage());
            callback.failed(Quiet.of(gone));
        } catch (Throwable failure) { // the last resort: whatever it is, the connection must not wait for ever
            exchange.complete(500, Outcome.FAILED, failure.toString());
            callback.failed(Quiet.of(failure));
        } finally {
            if (conversation != null) {
                conversation.leave();
            }
            exchange.leave();
        }
        return true;
    }

    private static Callback afterRestOf(JettyBody body, Callback callback) {
        return Callback.from(
                () -> {
                    body.discardRest();
                    callback.succeeded();
                },
                callback::failed);
    }

    private void record(Request request, Headers raw) {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Generation generation = exchange.generation();
        Recording recording = tracing.begin(request, raw.get(Tracing.HEADER), generation.config(), generation.number());
        if (recording != null) {
            exchange.record(recording);
        }
    }

    private Conversation conversation(org.eclipse.jetty.server.Request incoming) {
        ConnectionMetaData connection = incoming.getConnectionMetaData();
        EndPoint endPoint = connection.getConnection().getEndPoint();
        return endPoint instanceof WatchedEndPoint watched
                ? watched.conversation()
                : conversations.of(endPoint, connection.getConnector().getName());
    }

    /**
     * What is known before the request is parsed. No generation stands here, nor on the stack below: an exchange that streams
     * for hours may have moved to a later one, and must not keep this one in memory.
     */
    private record Arrival(LiveExchange exchange, Reception reception, String idHeader) {}

    private Arrival begin(org.eclipse.jetty.server.Request incoming, org.eclipse.jetty.server.Response outgoing) {
        Serving now = acquire();
        ConnectionMetaData connection = incoming.getConnectionMetaData();
        InetSocketAddress peer = peer(connection);
        TlsFacts tls = TlsFacts.of(connection);
        Serving.Rules rules =
                now.listeners().getOrDefault(connection.getConnector().getName(), USUAL);
        Reception reception = Reception.of(incoming, peer.getAddress(), tls == null ? "http" : "https", rules);
        Headers raw = reception.raw();
        Origin origin = reception.origin();
        String protocol = reception.protocol();
        String id = RequestIds.choose(now.requestIds(), raw, origin.isTrusted());
        LiveExchange exchange = new LiveExchange(
                new LiveExchange.Facts(
                        id,
                        connection.getConnector().getName(),
                        origin.scheme(),
                        protocol,
                        origin.client(),
                        peer,
                        origin.isTrusted(),
                        tls == null ? null : tls.told(),
                        reception.http2() || HopByHop.acceptsTrailers(raw),
                        (status, fields) -> {
                            if (!protocol.equals("HTTP/1.0")) { // which knows none (RFC 9110 §15.2)
                                interim(outgoing, status, fields);
                            }
                        }),
                now.generation(),
                this::end);
        if (protocol.equals("HTTP/1.0") && RequestRules.isFramedAsLater(raw)) {
            outgoing.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        if (rules.limits().maxBody() != null) {
            exchange.limitBody(rules.limits().maxBody().bytes());
        }
        return new Arrival(exchange, reception, now.requestIds().header());
    }

    private void end(LiveExchange exchange) {
        exchanges.remove(exchange);
        inFlight.decrementAndGet();
        onEnd.accept(exchange);
    }

    private Serving acquire() {
        while (true) {
            Serving now = Objects.requireNonNull(serving.get(), "no listener is opened before a generation serves");
            if (now.generation().tryAcquire()) {
                return now;
            }
        }
    }

    private static Line line(ConnectionMetaData connection) {
        EndPoint endPoint = connection.getConnection().getEndPoint();
        while (endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap(); // down to the one that its connector knows
        }
        return new Line(connection.getConnector(), endPoint);
    }

    private Response respond(Request request, ParsedTarget target, Arrival arrival) throws ClientGoneException {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Response own = arrival.reception().answer(request, target, challenges, addresses);
        if (own != null) {
            return own;
        }
        if (inFlight.get() > exchange.generation().config().config().limits().inFlight()) {
            return Problems.overloaded(request);
        }
        try {
            return exchange.entry().proceed(request);
        } catch (Throwable failure) { // also a plugin's errors: they harm their own exchange only
            return Problems.failed(request, failure);
        }
    }

    private void hit(LiveExchange exchange, Limit limit) {
        hits.hit(exchange.listener(), limit, exchange.peer().getAddress().getHostAddress());
    }

    private static InetSocketAddress peer(ConnectionMetaData connection) {
        return connection.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Body body(org.eclipse.jetty.server.Request incoming, Arrival arrival) {
        LiveExchange exchange = arrival.exchange();
        boolean http2 = arrival.reception().http2();
        Headers raw = arrival.reception().raw();
        ListenerLimits limits = arrival.reception().rules().limits();
        long length = incoming.getLength();
        Content.Chunk first = null;
        if (http2) {
            first = length < 0 ? incoming.read() : null; // whether a body follows is told by the first frame alone
            if (first != null && first.isLast() && !first.hasRemaining() && !Content.Chunk.isFailure(first)) {
                first.release();
                return Body.empty();
            }
        } else if (length <= 0 && !raw.has("transfer-encoding")) {
            watch(incoming, exchange);
            return Body.empty();
        }
        boolean streams = raw.get("content-type", "").startsWith("application/grpc");
        Patience patience = new Patience(limits.bodyTimeout(), limits.bodyRate().bytes(), streams);
        Body body = new JettyBody(incoming, exchange, length, first, patience, limit -> hit(exchange, limit), () -> {
            if (!http2) {
                watch(incoming, exchange);
            }
        });
        exchange.register(body);
        return body;
    }

    private static void watch(org.eclipse.jetty.server.Request incoming, LiveExchange exchange) {
        if (incoming.getConnectionMetaData().getConnection().getEndPoint() instanceof WatchedEndPoint endPoint) {
            // Not the exchange itself: an idle connection would keep its generation in memory until the next request.
            Cancellation cancellation = exchange.cancellation();
            endPoint.watch(() -> clientGone(cancellation, null));
        }
    }

    private static void clientGone(Cancellation cancellation, @Nullable Throwable failure) {
        cancellation.cancel(new ClientGoneException(
                failure == null ? "the client closed the connection" : "the client left: " + failure));
    }

    private static void interim(org.eclipse.jetty.server.Response outgoing, int status, Headers headers) {
        outgoing.writeInterim(status, JettyHeaders.toFields(headers)).join();
    }
}
