package dev.sallyport.kernel.http;

import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.wire.EndPointTunnel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Joins the client's connection to a tunnel, once both sides have switched protocols. */
final class TunnelSwitch {

    private final LiveExchange exchange;
    private final Tunnel far;
    private final Tunnel near;
    private final TunnelDirection up;
    private final TunnelDirection down;
    private final int status;
    private final AtomicInteger directions = new AtomicInteger(2);
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    private TunnelSwitch(LiveExchange exchange, Tunnel far, Tunnel client, int status) {
        this.exchange = exchange;
        this.far = far;
        near = far.facing(client);
        this.status = status;
        up = new TunnelDirection(near.input(), far.output());
        down = new TunnelDirection(far.input(), near.output());
    }

    /** Writes the head and lets two threads copy; the exchange is over when both directions have ended. */
    static void run(
            org.eclipse.jetty.server.Request incoming,
            org.eclipse.jetty.server.Response outgoing,
            Callback callback,
            Request request,
            Response response,
            Tunnel far) {
        LiveExchange exchange = (LiveExchange) request.exchange();
        boolean http2 = ExtendedConnect.isWebSocket(incoming);
        EndPoint endPoint = http2
                ? incoming.getTunnelSupport().getEndPoint() // one stream of the connection
                : incoming.getConnectionMetaData().getConnection().getEndPoint();
        if (endPoint instanceof WatchedEndPoint watched) {
            watched.unwatch();
        }
        EndPointTunnel near =
                new EndPointTunnel(endPoint, incoming.getComponents().getExecutor());
        TunnelSwitch joined = new TunnelSwitch(exchange, far, near, http2 ? 200 : response.status());
        HttpFields.Mutable fields = outgoing.getHeaders();
        outgoing.setStatus(joined.status);
        JettyHeaders.copy(response.headers(), fields);
        if (http2) { // has none of these (RFC 8441 §5); by name, since they came without Jetty's constants
            fields.remove(HttpHeader.CONNECTION.asString());
            fields.remove(HttpHeader.UPGRADE.asString());
            fields.remove(HttpHeader.SEC_WEBSOCKET_ACCEPT.asString());
        } else {
            fields.put(HttpHeader.CONNECTION, "Upgrade");
            fields.put(HttpHeader.UPGRADE, String.valueOf(request.upgrade()));
        }
        incoming.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, near);
        exchange.cancellation().onCancel(reason -> joined.close());
        boolean frames = "websocket".equals(request.upgrade());
        exchange.endBy(reason -> {
            if (frames) {
                joined.goAway(String.valueOf(reason.getMessage()));
            } else {
                exchange.cancellation().cancel(reason);
            }
        });
        exchange.hold(); // the write may end after the thread that runs the chain has left
        outgoing.write(
                true,
                BufferUtil.EMPTY_BUFFER,
                Callback.from(
                        () -> {
                            exchange.runner().execute(() -> joined.copy(true));
                            exchange.runner().execute(() -> joined.copy(false));
                            exchange.release();
                            callback.succeeded();
                        },
                        broken -> {
                            joined.close();
                            exchange.complete(joined.status, Outcome.CLIENT_GONE, broken.toString());
                            exchange.release();
                            callback.failed(Quiet.of(broken));
                        }));
    }

    private void copy(boolean fromClient) {
        try {
            boolean ended = fromClient ? up.copy(exchange::readBytes) : down.copy(exchange::wroteBytes);
            if (ended) {
                (fromClient ? near : far).close();
            }
        } catch (Throwable broken) { // also a step's that sees messages: neither end must wait for ever
            String what = broken instanceof IOException ? broken.getMessage() : broken.toString();
            failure.compareAndSet(null, (fromClient ? "client to upstream: " : "upstream to client: ") + what);
            close(); // the other direction would wait for ever
        }
        if (directions.decrementAndGet() == 0) {
            close();
            IOException early = exchange.endedEarly();
            String why = early == null ? failure.get() : early.getMessage();
            exchange.complete(status, why == null ? Outcome.COMPLETED : Outcome.FAILED, why);
        }
    }

    /**
     * Closes the WebSocket as both of its ends understand it. Both are waited for; whoever has asked for this bounds the
     * wait, by cancelling the exchange.
     */
    private void goAway(String reason) {
        // Both know it before either end can see it, or one would still pass on what the other does not answer.
        down.endWith(CloseFrame.toClient(reason));
        up.endWith(CloseFrame.toServer(reason));
        // Each may wait for what is being written to a slow reader.
        Thread.startVirtualThread(() -> end(down));
        Thread.startVirtualThread(() -> end(up));
    }

    private void end(TunnelDirection direction) {
        try {
            direction.end();
        } catch (IOException broken) {
            close();
        }
    }

    private void close() {
        far.close();
        near.close();
    }
}
