package dev.sallyport.kernel.http;

import dev.sallyport.api.Completion.Outcome;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.wire.EndPointTunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    private final EndPointTunnel near;
    private final int status;
    private final AtomicInteger directions = new AtomicInteger(2);
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

    private TunnelSwitch(LiveExchange exchange, Tunnel far, EndPointTunnel near, int status) {
        this.exchange = exchange;
        this.far = far;
        this.near = near;
        this.status = status;
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
        EndPoint endPoint = incoming.getConnectionMetaData().getConnection().getEndPoint();
        if (endPoint instanceof WatchedEndPoint watched) {
            watched.unwatch();
        }
        EndPointTunnel near =
                new EndPointTunnel(endPoint, incoming.getComponents().getExecutor());
        TunnelSwitch joined = new TunnelSwitch(exchange, far, near, response.status());
        HttpFields.Mutable fields = outgoing.getHeaders();
        outgoing.setStatus(response.status());
        JettyHeaders.copy(response.headers(), fields);
        fields.put(HttpHeader.CONNECTION, "Upgrade");
        fields.put(HttpHeader.UPGRADE, String.valueOf(request.upgrade()));
        incoming.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, near);
        exchange.cancellation().onCancel(reason -> joined.close());
        outgoing.write(
                true,
                BufferUtil.EMPTY_BUFFER,
                Callback.from(
                        () -> {
                            exchange.runner().execute(() -> joined.copy(near.input(), far.output(), true));
                            exchange.runner().execute(() -> joined.copy(far.input(), near.output(), false));
                            callback.succeeded();
                        },
                        broken -> {
                            far.close();
                            exchange.complete(response.status(), Outcome.CLIENT_GONE, broken.toString());
                            callback.failed(Quiet.of(broken));
                        }));
    }

    private void copy(InputStream in, OutputStream out, boolean fromClient) {
        byte[] buffer = new byte[8192];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
                if (fromClient) {
                    exchange.readBytes(read);
                } else {
                    exchange.wroteBytes(read);
                }
            }
            out.close();
        } catch (IOException broken) {
            failure.compareAndSet(
                    null, (fromClient ? "client to upstream: " : "upstream to client: ") + broken.getMessage());
            close(); // the other direction would wait for ever
        }
        if (directions.decrementAndGet() == 0) {
            close();
            String why = failure.get();
            exchange.complete(status, why == null ? Outcome.COMPLETED : Outcome.FAILED, why);
        }
    }

    private void close() {
        far.close();
        near.close();
    }
}
