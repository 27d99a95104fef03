package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.kernel.config.UpstreamConfig.Timeouts;
import dev.sallyport.kernel.upstream.UpstreamClient;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.net.URI;
import java.util.Objects;

/** The end of the attempt: sends the request to the chosen target. */
final class WireNode implements Next {

    /** RFC 9110 §7.6.3; on requests it is added where they come in. */
    private static final String VIA = "1.1 sallyport";

    private final UpstreamClient client;
    private final String host;
    private final Timeouts timeouts;
    private final int maxConnections;

    /** @param host {@code target}, {@code client}, or the name to send as {@code Host} */
    WireNode(UpstreamClient client, String host, Timeouts timeouts, int maxConnections) {
        this.client = client;
        this.host = host;
        this.timeouts = timeouts;
        this.maxConnections = maxConnections;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        LiveExchange exchange = (LiveExchange) request.exchange();
        Attempt attempt = Objects.requireNonNull(exchange.attempt(), "attempt");
        StepNode last = exchange.current();
        exchange.enter(null); // to wait for a target is no step's doing
        Response response;
        try {
            response = client.send(new Outgoing(
                    attempt.target(),
                    request.method(),
                    request.target(),
                    headers(request, attempt.target()),
                    request.body(),
                    request.upgrade(),
                    exchange.acceptsTrailers(),
                    timeouts,
                    maxConnections,
                    exchange.cancellation(),
                    exchange.runner(),
                    exchange::interim));
        } finally {
            exchange.enter(last);
        }
        if (response.tunnel() == null) {
            exchange.register(response.body());
        }
        return response.withHeaders(response.headers().withAdded("Via", VIA));
    }

    private Headers headers(Request request, URI target) {
        return host.equals("client")
                ? request.headers()
                : request.headers().with("Host", host.equals("target") ? target.getRawAuthority() : host);
    }
}
