package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.kernel.config.UpstreamConfig.Timeouts;
import dev.sallyport.kernel.trace.TargetSpan;
import dev.sallyport.kernel.upstream.Moment;
import dev.sallyport.kernel.upstream.UpstreamClient;
import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import dev.sallyport.kernel.upstream.UpstreamClient.Outgoing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The end of the attempt: sends the request to the chosen target. */
final class WireNode implements Node {

    /** RFC 9110 §7.6.3; on requests it is added where they come in. */
    private static final String VIA = "1.1 sallyport";

    private static final Logger LOG = System.getLogger("upstream");
    private static final Duration SELDOM = Duration.ofMinutes(1);
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong toldAt = new AtomicLong(NEVER);
    private final UpstreamClient client;
    private final String host;
    private final Timeouts timeouts;
    private final Link link;

    /** @param host {@code target}, {@code client}, or the name to send as {@code Host} */
    WireNode(UpstreamClient client, String host, Timeouts timeouts, Link link) {
        this.client = client;
        this.host = host;
        this.timeouts = timeouts;
        this.link = link;
    }

    @Override
    public Response proceed(Request request) throws Exception {
        return send(request, null);
    }

    @Override
    public Node traced() {
        return new Traced(this);
    }

    /** The same, recorded. */
    private record Traced(WireNode wire) implements Node {

        @Override
        public Response proceed(Request request) throws Exception {
            TargetSpan span =
                    Objects.requireNonNull(LiveExchange.recordingOf(request).attempt(), "attempt");
            span.sending();
            Response response = wire.send(request, span::at);
            span.head();
            return response;
        }

        @Override
        public Node traced() {
            return this;
        }
    }

    private Response send(Request request, @Nullable ObjLongConsumer<Moment> onMoment) throws Exception {
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
                    exchange.acceptsTrailers() || isGrpc(request),
                    timeouts(exchange.attemptTimeout()),
                    link,
                    exchange.cancellation(),
                    exchange.runner(),
                    exchange::interim,
                    onMoment));
        } catch (UpstreamException e) {
            if (e.getCause() instanceof SSLException) {
                tell(exchange, e);
            }
            throw e;
        } finally {
            exchange.enter(last);
        }
        if (response.tunnel() == null) {
            exchange.answeredWith(response.body());
        }
        return response.withHeaders(response.headers().withAdded("Via", VIA));
    }

    /** Servers of gRPC ask for it, also where a step has made the call of a request that was none. */
    private static boolean isGrpc(Request request) {
        String type = request.headers().get("content-type");
        return type != null && type.startsWith("application/grpc") && !type.startsWith("application/grpc-web");
    }

    private Timeouts timeouts(@Nullable Duration most) {
        return most == null
                ? timeouts
                : new Timeouts(
                        shorter(most, timeouts.connect()),
                        shorter(most, timeouts.firstByte()),
                        timeouts.idle(),
                        timeouts.total());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Once in a while: it concerns whoever runs the gateway, and will not mend itself. */
    private void tell(LiveExchange exchange, UpstreamException failure) {
        long now = System.nanoTime();
        long before = toldAt.get();
        if ((before == NEVER || now - before > SELDOM.toNanos()) && toldAt.compareAndSet(before, now)) {
            LOG.log(Level.WARNING, "{0}", exchange.hide(String.valueOf(failure.getMessage())));
        }
    }

    private Headers headers(Request request, URI target) {
        return host.equals("client")
                ? request.headers()
                : request.headers().with("Host", host.equals("target") ? UpstreamClient.authority(target) : host);
    }
}
