package dev.sallyport.records;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import java.util.List;

/** One JSON object a line in the gateway's own words; what is not known is left out. */
public final class JsonLines implements Lines {

    private final QueryMask mask;
    private final List<String> headers;

    /**
     * Lines of that kind.
     *
     * @param headers further request headers to write, in lower case
     */
    public JsonLines(QueryMask mask, List<String> headers) {
        this.mask = mask;
        this.headers = List.copyOf(headers);
    }

    @Override
    public String line(Request request, Completion completion) {
        return object(request, completion).text();
    }

    /** The same, for further members to follow. */
    public JsonOut object(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        Consumer consumer = exchange.consumer();
        Attempt attempt = exchange.attempt();
        Exchange.Tls tls = exchange.tls();
        TraceContext trace = exchange.get(TraceContext.OF_EXCHANGE);
        Shown shown = Shown.of(request, mask);
        JsonOut line = new JsonOut()
                .shortTime("time", exchange.startedAt())
                .put("requestId", exchange.id())
                .put("client", exchange.client().getHostAddress())
                .put("consumer", consumer == null ? null : consumer.name())
                .put("method", request.method())
                .put("scheme", exchange.scheme())
                .put("host", request.header("host"))
                .put("path", shown.path())
                .put("query", shown.query())
                .put("protocol", exchange.protocol())
                .put("tls", tls == null ? null : tls.protocol())
                .put("status", completion.status())
                .put("outcome", outcome(completion))
                .put("failure", completion.failure())
                .put("requestBytes", completion.requestBytes())
                .put("responseBytes", completion.responseBytes())
                .millis("durationMillis", completion.duration())
                .put("listener", exchange.listener())
                .put("route", exchange.route());
        if (attempt != null) {
            line.put("upstream", attempt.upstream())
                    .put("target", attempt.shown())
                    .put("attempts", attempt.number());
        }
        if (trace != null) {
            line.put("traceId", trace.traceId()).put("spanId", trace.spanId());
        }
        line.put("userAgent", shown.header("user-agent", request.header("user-agent")))
                .put("referer", shown.referer());
        return shown.headers(line, headers);
    }

    /** How it ended: {@code completed}, {@code client-gone} or {@code failed}. */
    public static String outcome(Completion completion) {
        return switch (completion.outcome()) {
            case COMPLETED -> "completed";
            case CLIENT_GONE -> "client-gone";
            case FAILED -> "failed";
        };
    }
}
