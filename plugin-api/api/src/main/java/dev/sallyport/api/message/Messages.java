package dev.sallyport.api.message;

import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Tunnel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way of a step to messages: hands a request on and, where a WebSocket or an event stream comes of it, has a
 * {@link MessageFilter} see what passes there. Immutable and thread-safe.
 *
 * <ol>
 *   <li>WebSockets are the same to it over HTTP/1.1 and HTTP/2. Compression ({@code permessage-deflate}) is not offered to the
 *       upstream, so that no message has to be unpacked, and an upstream that compresses nevertheless is a 502. Event streams
 *       likewise.
 *   <li>One message is held at a time in each direction, up to the limit; a larger one closes the connection with 1009, or
 *       breaks the event stream off. Of the steps of one connection the smallest limit counts.
 *   <li>What breaks RFC 6455 closes the connection: its sender is told 1002, or 1007 for text that is not UTF-8; the other
 *       side 1001, where the client broke it, else 1011.
 *   <li>A receiver that reads slowly slows its sender; nothing is queued.
 *   <li>What a {@linkplain FilterContext#monitored monitored} step returns is dropped, so it sees the handshake and no message.
 * </ol>
 *
 * {@snippet :
 * Messages messages = Messages.of(context, 64 << 10);
 * Filter filter = (request, next) ->
 *         messages.handle(request, next, (response, conversation) -> (message, from, same) -> message);
 * }
 */
public final class Messages {

    private static final Problem COMPRESSED = new Problem(502, "messages-compressed", "Messages are compressed");

    private final FilterContext context;
    private final int mostOfClient;
    private final int mostOfUpstream;

    private Messages(FilterContext context, int mostOfClient, int mostOfUpstream) {
        this.context = context;
        this.mostOfClient = mostOfClient;
        this.mostOfUpstream = mostOfUpstream;
    }

    /** Makes the filter of one connection, or none. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Looks at a connection that has come to be.
         *
         * @param response the switch of protocols, or the head of the event stream
         * @param conversation the connection; nothing can be sent yet
         * @return null where the step does not look into this one
         */
        @Nullable
        MessageFilter open(Response response, Conversation conversation);
    }

    /**
     * For one step; made in {@code create}.
     *
     * @param most bytes that one message may have, of either side, 1 or more
     */
    public static Messages of(FilterContext context, int most) {
        return of(context, most, most);
    }

    /**
     * For one step; made in {@code create}.
     *
     * @param ofClient bytes that one message of the client may have, 1 or more
     * @param ofUpstream bytes that one message of the upstream may have, 1 or more
     */
    public static Messages of(FilterContext context, int ofClient, int ofUpstream) {
        if (ofClient < 1 || ofUpstream < 1) {
            throw new IllegalArgumentException("most: " + ofClient + ", " + ofUpstream + " (expected: 1 or more)");
        }
        return new Messages(context, ofClient, ofUpstream);
    }

    /** Whether a request asks for a WebSocket. */
    public static boolean isWebSocket(Request request) {
        return "websocket".equals(request.upgrade());
    }

    /** Whether a response is an event stream. */
    public static boolean isEventStream(Response response) {
        String type = response.headers().get("content-type", "");
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).strip().equalsIgnoreCase("text/event-stream");
    }

    /**
     * Passes a request on.
     *
     * @param opener called once a connection is there
     * @throws Exception what {@code next} throws
     */
    public Response handle(Request request, Next next, Opener opener) throws Exception {
        Response response = next.proceed(asked(request));
        Tunnel tunnel = response.tunnel();
        if (tunnel != null && isWebSocket(request)) {
            if (response.headers().has("sec-websocket-extensions")) {
                tunnel.close();
                return COMPRESSED
                        .withDetail("the upstream uses an extension of WebSocket that it was not offered")
                        .toResponse(request);
            }
            FramedTunnel framed = tunnel instanceof FramedTunnel known
                    ? known
                    : new FramedTunnel(tunnel, context.scheduler(), context.logger());
            MessageFilter filter = framed.add(response, opener, mostOfClient, mostOfUpstream);
            if (filter == null) {
                return response;
            }
            request.exchange().onComplete(_ -> filter.ended());
            return Response.upgrade(response.status(), response.headers(), framed);
        }
        if (tunnel != null || !isEventStream(response) || response.body().isEmpty()) {
            return response;
        }
        String coding = response.headers().get("content-encoding", "identity");
        if (!coding.equalsIgnoreCase("identity")) {
            response.body().close();
            return COMPRESSED
                    .withDetail("the upstream compresses the event stream (" + coding.toLowerCase(Locale.ROOT) + ")")
                    .toResponse(request);
        }
        EventStream events = new EventStream(mostOfUpstream);
        MessageFilter filter = opener.open(response, events);
        if (filter == null) {
            return response;
        }
        request.exchange().onComplete(_ -> filter.ended());
        events.seenBy(filter);
        return response.withBody(response.body().map(events::from));
    }

    private static Request asked(Request request) {
        if (isWebSocket(request)) {
            return request.withHeaders(request.headers().without("sec-websocket-extensions"));
        }
        return mayAskForEvents(request)
                ? request.withHeaders(request.headers().without("accept-encoding"))
                : request;
    }

    /** Clients of streams that are no browsers often name no type, or any. */
    private static boolean mayAskForEvents(Request request) {
        String accept = request.headers().get("accept", "*/*").toLowerCase(Locale.ROOT);
        return accept.contains("text/event-stream") || (!accept.contains("text/html") && accept.contains("*/*"));
    }
}
