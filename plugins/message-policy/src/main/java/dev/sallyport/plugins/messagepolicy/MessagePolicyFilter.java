package dev.sallyport.plugins.messagepolicy;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.message.Messages;
import dev.sallyport.api.message.Sender;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Judges the handshake, and has each message of what comes of it judged. */
final class MessagePolicyFilter implements Filter {

    private static final Problem ORIGIN = new Problem(403, "origin-not-allowed", "Origin not allowed");

    private final MessagePolicyConfig config;
    private final FilterContext context;
    private final Messages messages;
    private final @Nullable MessageSchema schema;
    private final @Nullable ScriptHook hook;
    private final Counts counts;

    MessagePolicyFilter(MessagePolicyConfig config, FilterContext context) {
        this.config = config;
        this.context = context;
        schema = MessageSchema.of(config);
        counts = new Counts(context);
        messages = Messages.of(context, (int) config.maxMessage().bytes());
        hook = ScriptHook.of(config, context);
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (Messages.isWebSocket(request)) {
            String refused = refused(request);
            if (refused != null) {
                request.exchange().note("refused", "origin");
                return ORIGIN.withDetail(refused).toResponse(request);
            }
        }
        if (context.monitored()) {
            return next.proceed(request);
        }
        return messages.handle(request, next, (response, conversation) -> {
            request.exchange().note("messages", response.tunnel() == null ? "event-stream" : "websocket");
            return new Policy(this, request, conversation);
        });
    }

    /** Why a handshake is refused; null where it is not. */
    private @Nullable String refused(Request request) {
        String origin = request.headers().get("origin");
        if (origin == null) {
            return config.originRequired() ? "there is no Origin" : null;
        }
        boolean known = config.origins().isEmpty()
                || (request.headers().all("origin").size() == 1
                        && config.origins().stream().anyMatch(each -> each.holds(origin)));
        return known ? null : "pages of that origin may not open this WebSocket";
    }

    @Override
    public Explanation explain(Request request) {
        if (Messages.isWebSocket(request)) {
            String refused = refused(request);
            if (refused != null) {
                return new Explanation.Answers(403, ORIGIN.title() + ": " + refused);
            }
        }
        return new Explanation.Unknown("each message is judged, if a WebSocket or an event stream comes of it");
    }

    MessagePolicyConfig config() {
        return config;
    }

    Counts counts() {
        return counts;
    }

    @Nullable
    MessageSchema schema() {
        return schema;
    }

    @Nullable
    ScriptHook hook() {
        return hook;
    }

    long nanos() {
        Instant now = context.clock().instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    Future<?> later(Runnable task, long nanos) {
        // Closing waits where the receiver is slow, and one thread schedules for all connections.
        return context.scheduler().schedule(() -> context.threads().execute(task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Nothing of what a message says. */
    void log(Request handshake, Sender from, Verdict verdict, String why) {
        if (context.logger().isLoggable(Level.DEBUG)) {
            context.logger()
                    .log(
                            Level.DEBUG,
                            "{0}: a message of the {1} broke {2}: {3}",
                            handshake.exchange().id(),
                            from.name().toLowerCase(Locale.ROOT),
                            verdict.word(),
                            why);
        }
    }

    @Override
    public Map<String, ?> state() {
        return Map.of("open", counts.open.sum(), "breaches", counts.breaches.sum());
    }

    @Override
    public void close() {
        if (hook != null) {
            hook.close();
        }
    }
}
