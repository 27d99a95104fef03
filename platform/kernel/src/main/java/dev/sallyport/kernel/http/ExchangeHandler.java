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
import org.eclipse.jetty.http.HttpURI;
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

    /** Where authorities look for proofs (RFC 8555 §8.3); routes may have what is none. */
    private static final String ACME = "/.well-known/acme-challenge/";

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
            boolean http2 = arrival.http2();
            boolean webSocket = http2 && ExtendedConnect.isWebSocket(incoming);
            String method = webSocket ? "GET" : incoming.getMethod();
            ParsedTarget target = target(incoming, method, arrival);
            Headers headers = IncomingHeaders.of(arrival.raw(), arrival.origin(), exchange.protocol())
                    .with(arrival.idHeader(), exchange.id());
            if (webSocket) {
                headers = ExtendedConnect.asUpgrade(headers);
            }
            Headers onward = MaxForwards.spent(method, headers);
            Request request = new Request(
                    method,
                    target instanceof ParsedTarget.Accepted accepted ? accepted.target() : new RequestTarget("/", null),
                    onward == null ? headers : onward,
                    webSocket ? Body.empty() : body(incoming, arrival),
                    webSocket ? "websocket" : upgrade(exchange, arrival.raw()),
                    exchange);
            if (tracing.isWanted()) {
                record(request, arrival.raw());
            }
            Response response = (onward == null ? Response.of(204) : respond(request, target, arrival))
                    .withHeader(arrival.idHeader(), exchange.id());
            if (webSocket) {
                response = ExtendedConnect.answer(request, response);
            }
            exchange.answered();
            Tunnel tunnel = response.tunnel();
            if (tunnel != null) {
                conversation = null; // it is none any more: what is silent is the tunnel's matter
                TunnelSwitch.run(incoming, outgoing, callback, request, response, tunnel);
            } else {
                writer.write(
                        outgoing,
                        callback,
                        request,
                        ProblemForms.fit(request, response),
                        http2,
                        arrival.rules().limits().sendTimeout());
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

    private static @Nullable String upgrade(LiveExchange exchange, Headers raw) {
        return exchange.protocol().equals("HTTP/1.1") ? HopByHop.upgrade(raw) : null;
    }

    /**
     * What is known before the request is parsed. No generation stands here, nor on the stack below: an exchange that streams
     * for hours may have moved to a later one, and must not keep this one in memory.
     */
    private record Arrival(
            LiveExchange exchange, Headers raw, Origin origin, Serving.Rules rules, String idHeader, boolean http2) {}

    private Arrival begin(org.eclipse.jetty.server.Request incoming, org.eclipse.jetty.server.Response outgoing) {
        Serving now = acquire();
        ConnectionMetaData connection = incoming.getConnectionMetaData();
        boolean http2 = connection.getHttpVersion().getVersion() == 20;
        String protocol = http2 ? "HTTP/2" : connection.getHttpVersion().asString();
        InetSocketAddress peer = peer(connection);
        TlsFacts tls = TlsFacts.of(connection);
        Headers sent = JettyHeaders.toHeaders(incoming.getHeaders());
        Headers raw = withHost(http2 ? RequestRules.withWholeCookie(sent) : sent, incoming.getHttpURI());
        Serving.Rules rules =
                now.listeners().getOrDefault(connection.getConnector().getName(), USUAL);
        Origin origin = rules.addresses().origin(peer.getAddress(), tls == null ? "http" : "https", raw);
        String id = RequestIds.choose(now.requestIds(), raw, origin.isTrusted());
        LiveExchange exchange = new LiveExchange(
                new LiveExchange.Facts(
                        id,
                        connection.getConnector().getName(),
                        origin.scheme(),
                        protocol,
                        origin.client(),
                        peer,
                        tls == null ? null : tls.told(),
                        http2 || HopByHop.acceptsTrailers(raw),
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
        return new Arrival(exchange, raw, origin, rules, now.requestIds().header(), http2);
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
        Headers raw = arrival.raw();
        if (target instanceof ParsedTarget.Refused refused) {
            return Problems.refused(request, refused.status(), refused.reason());
        }
        if (request.method().equals("TRACE")) {
            return Problems.badRequest(request, 501, "TRACE is not supported");
        }
        String path = request.target().path();
        if (path.startsWith(ACME)) {
            String answer = challenges.answer(path.substring(ACME.length()));
            if (answer != null) {
                return Response.text(200, answer);
            }
        }
        String redirectTo = arrival.rules().redirectTo();
        if (redirectTo != null) {
            return Redirect.answer(request, raw.get("host"), redirectTo, addresses.get());
        }
        if (!Expectation.canBeMet(raw)) {
            return Problems.expectationFailed(request);
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

    private ParsedTarget target(org.eclipse.jetty.server.Request incoming, String method, Arrival arrival) {
        HttpURI uri = incoming.getHttpURI();
        Headers raw = arrival.raw();
        ListenerLimits limits = arrival.rules().limits();
        if (raw.size() > limits.headerCount()) {
            hit(arrival.exchange(), Limit.HEADER_COUNT);
            return new ParsedTarget.Refused(431, "the limit is " + limits.headerCount() + " header fields");
        }
        if (uri.getFragment() != null) {
            return new ParsedTarget.Refused(400, "the request target has a fragment");
        }
        String host = raw.get("host");
        Authority authority = host == null || host.isEmpty() ? null : Authority.parse(host);
        if (host != null && !host.isEmpty() && authority == null) {
            return new ParsedTarget.Refused(400, "Host is not a host and port");
        }
        if (arrival.http2()
                && authority != null) { // whose clients use one connection for several hosts (RFC 9113 §9.1.1)
            TlsFacts tls = TlsFacts.of(incoming.getConnectionMetaData());
            if (tls != null && !tls.mayServe(authority.host())) {
                return new ParsedTarget.Refused(421, "this connection is for another host; use one of its own");
            }
        }
        String fault = RequestRules.fault(
                arrival.exchange().protocol(), uri, raw, incoming.getHeaders().get(HttpHeader.HOST));
        if (fault != null) {
            return new ParsedTarget.Refused(400, fault);
        }
        String target = uri.getPathQuery();
        if (target != null && target.length() > limits.uri().bytes()) {
            hit(arrival.exchange(), Limit.URI);
            return new ParsedTarget.Refused(414, "the limit is " + limits.uri().bytes() + " bytes");
        }
        return RequestPath.parse(
                method,
                target == null || target.isEmpty() ? "/" : target,
                arrival.rules().paths());
    }

    private void hit(LiveExchange exchange, Limit limit) {
        hits.hit(exchange.listener(), limit, exchange.peer().getAddress().getHostAddress());
    }

    /** HTTP/2 has the host as a pseudo-field; an absolute-form target overrides the field (RFC 9112 §3.2.2). */
    private static Headers withHost(Headers raw, HttpURI uri) {
        String authority = uri.getAuthority();
        String host = raw.get("host");
        return authority == null || (host != null && RequestRules.isSame(authority, host))
                ? raw
                : raw.with("host", authority);
    }

    private static InetSocketAddress peer(ConnectionMetaData connection) {
        return connection.getRemoteSocketAddress() instanceof InetSocketAddress address
                ? address
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Body body(org.eclipse.jetty.server.Request incoming, Arrival arrival) {
        LiveExchange exchange = arrival.exchange();
        boolean http2 = arrival.http2();
        Headers raw = arrival.raw();
        ListenerLimits limits = arrival.rules().limits();
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
