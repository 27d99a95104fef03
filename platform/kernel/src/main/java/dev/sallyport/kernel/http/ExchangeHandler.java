package dev.sallyport.kernel.http;

import dev.sallyport.api.Body;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.Problems;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Turns what Jetty has parsed into an exchange, runs it, and writes what came back. One virtual thread does all of it.
 */
final class ExchangeHandler extends Handler.Abstract {

    private final AtomicReference<Serving> serving;
    private final int maxInFlight;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Set<LiveExchange> exchanges = ConcurrentHashMap.newKeySet();
    private final ResponseWriter writer = new ResponseWriter();

    /** @param maxInFlight how many exchanges there may be at once; more are answered with 503 */
    ExchangeHandler(AtomicReference<Serving> serving, int maxInFlight) {
        this.serving = serving;
        this.maxInFlight = maxInFlight;
    }

    /** The exchanges that run now. */
    Set<LiveExchange> exchanges() {
        return Collections.unmodifiableSet(exchanges);
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request incoming, org.eclipse.jetty.server.Response outgoing, Callback callback) {
        Serving now = acquire();
        Headers received = JettyHeaders.toHeaders(incoming.getHeaders());
        ClientAddress addresses = now.listeners().get(incoming.getConnectionMetaData().getConnector().getName());
        InetSocketAddress peer = peer(incoming);
        Origin origin = Origin.of(incoming, received, peer, addresses == null ? ClientAddress.NOBODY : addresses);
        String id = RequestIds.choose(now.requestId(), received, origin.trusted());
        LiveExchange exchange = new LiveExchange(
                new LiveExchange.Facts(
                        id,
                        incoming.getConnectionMetaData().getConnector().getName(),
                        origin.scheme(),
                        protocol(incoming),
                        origin.client(),
                        peer,
                        null,
                        acceptsTrailers(incoming, received),
                        (status, headers) -> interim(incoming, outgoing, status, headers)),
                now.generation());
        exchanges.add(exchange);
        inFlight.incrementAndGet();
        Request request = null;
        try {
            Headers headers = origin.headers().with(now.requestId().header(), id);
            request = request(incoming, headers, exchange);
            Response response = respond(request, origin.refusal());
            writer.write(incoming, outgoing, callback, request, response, now.requestId().header(), () -> end(exchange));
        } catch (ClientGoneException gone) {
            exchange.complete(499, Completion.Outcome.CLIENT_GONE, gone.getMessage());
            callback.failed(gone);
            end(exchange);
        } catch (Throwable failure) { // the last resort: whatever it is, the connection must not wait for ever
            exchange.complete(500, Completion.Outcome.FAILED, failure.toString());
            callback.failed(failure);
            end(exchange);
        }
        return true;
    }

    private void end(LiveExchange exchange) {
        exchanges.remove(exchange);
        inFlight.decrementAndGet();
        exchange.release();
    }

    private Serving acquire() {
        while (true) {
            Serving now = serving.get();
            if (now.generation().tryAcquire()) {
                return now;
            }
        }
    }

    private Response respond(Request request, @Nullable String refusal) throws ClientGoneException {
        if (refusal != null) {
            return Problems.badRequest(request, 400, refusal);
        }
        if (inFlight.get() > maxInFlight) {
            return Problems.overloaded(request);
        }
        try {
            return ((LiveExchange) request.exchange()).generation().entry().proceed(request);
        } catch (RequestTimeoutException timeout) {
            return Problems.badRequest(request, 408, "the body did not come");
        } catch (Throwable failure) { // also a plugin's errors: they harm their own exchange only
            return Problems.failed(request, failure);
        }
    }

    private Request request(
            org.eclipse.jetty.server.Request incoming, Headers headers, LiveExchange exchange) {
        // placeholder
        throw new UnsupportedOperationException();
    }
}
