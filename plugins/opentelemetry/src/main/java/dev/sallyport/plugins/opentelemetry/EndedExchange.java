package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is to be told of an exchange that has ended, in texts and numbers alone: it may wait for the collector, and must not
 * keep a generation or a plugin in memory. What is secret is out of it already. Immutable.
 *
 * @param beginNanos when it began, by the clock of {@link System#nanoTime}
 * @param epochNanos the same by the calendar
 * @param pieces its steps and attempts
 */
record EndedExchange(
        SpanContext own,
        SpanContext parent,
        long beginNanos,
        long epochNanos,
        Completion completion,
        String id,
        String listener,
        @Nullable String routeName,
        @Nullable String route,
        @Nullable String consumer,
        String method,
        String path,
        @Nullable String query,
        String scheme,
        @Nullable String host,
        @Nullable String userAgent,
        String protocol,
        String client,
        String peer,
        int peerPort,
        Map<String, List<String>> requestFields,
        Map<String, List<String>> responseFields,
        List<Piece> pieces,
        List<String> queries) {

    private static final long NANOS = 1_000_000_000;

    /**
     * What is to be told of it.
     *
     * @param responseHeaders of the answer; null where there was none, or none are to be told
     */
    static EndedExchange of(
            ExchangeTrace trace,
            Request request,
            @Nullable Headers responseHeaders,
            long beginNanos,
            Completion completion,
            Redaction redaction,
            OpenTelemetryConfig.Traces config) {
        Exchange exchange = request.exchange();
        LogMask mask = exchange.get(LogMask.OF_EXCHANGE);
        Instant begin = exchange.startedAt();
        Consumer consumer = exchange.consumer();
        String query = request.target().query();
        String agent = request.header("user-agent");
        return new EndedExchange(
                trace.own(),
                trace.parent(),
                beginNanos,
                begin.getEpochSecond() * NANOS + begin.getNano(),
                completion,
                exchange.id(),
                exchange.listener(),
                exchange.route(),
                Told.route(exchange),
                consumer == null ? null : consumer.name(),
                request.method(),
                redaction.path(request.path(), mask),
                query == null ? null : redaction.query(query, mask),
                exchange.scheme(),
                request.header("host"),
                agent == null ? null : redaction.field("user-agent", agent, mask),
                exchange.protocol(),
                exchange.client().getHostAddress(),
                exchange.peer().getAddress().getHostAddress(),
                exchange.peer().getPort(),
                told(config.requestHeaders(), request.headers(), redaction, mask),
                responseHeaders == null ? Map.of() : told(config.responseHeaders(), responseHeaders, redaction, mask),
                trace.pieces(),
                attempts(trace.pieces(), redaction, mask));
    }

    private static Map<String, List<String>> told(
            List<String> names, Headers headers, Redaction redaction, @Nullable LogMask mask) {
        Map<String, List<String>> told = new LinkedHashMap<>();
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            List<String> values = headers.all(name);
            if (!values.isEmpty()) {
                told.put(
                        lower,
                        values.stream()
                                .map(value -> redaction.field(lower, value, mask))
                                .toList());
            }
        }
        return told;
    }

    /** Paths and queries of the attempts, in their order. */
    private static List<String> attempts(List<Piece> pieces, Redaction redaction, @Nullable LogMask mask) {
        return pieces.stream()
                .filter(piece -> piece.attempt != null)
                .map(piece -> redaction.path(piece.path, mask)
                        + (piece.query == null ? "" : "?" + redaction.query(piece.query, mask)))
                .toList();
    }

    /** How many spans it becomes. */
    int spans() {
        return pieces.size() + 1;
    }

    long epochNanos(long nanos) {
        return epochNanos + (nanos - beginNanos);
    }
}
