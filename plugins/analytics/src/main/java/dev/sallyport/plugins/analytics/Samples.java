package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.TraceContext;
import dev.sallyport.records.JsonLines;
import dev.sallyport.records.JsonOut;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what is kept of a request that failed: as the access log does, and shorter where that would be long. */
final class Samples {

    /** A client chooses how long its request is, but not what that takes of the disk. */
    static final int LONGEST = 2_048;

    private static final int LONGEST_TEXT = 128;

    private final QueryMask mask;
    private final JsonLines lines;

    Samples(QueryMask mask) {
        this.mask = mask;
        lines = new JsonLines(mask, List.of());
    }

    String json(Request request, Completion completion) {
        String whole = lines.line(request, completion);
        return whole.length() <= LONGEST ? whole : shortened(request, completion);
    }

    private String shortened(Request request, Completion completion) {
        Exchange exchange = request.exchange();
        Shown shown = Shown.of(request, mask);
        TraceContext trace = exchange.get(TraceContext.OF_EXCHANGE);
        JsonOut json = new JsonOut()
                .time("time", exchange.startedAt())
                .put("requestId", cut(exchange.id()))
                .put("client", exchange.client().getHostAddress())
                .put("method", cut(request.method()))
                .put("path", cut(shown.path()))
                .put("query", cut(shown.query()))
                .put("status", completion.status())
                .put("outcome", JsonLines.outcome(completion))
                .put("failure", cut(completion.failure()))
                .millis("durationMillis", completion.duration())
                .put("route", cut(exchange.route()));
        if (trace != null) {
            json.put("traceId", trace.traceId()).put("spanId", trace.spanId());
        }
        return json.put("userAgent", cut(shown.header("user-agent", request.header("user-agent"))))
                .put("shortened", true)
                .text();
    }

    /** Not between the two halves of a character. */
    private static @Nullable String cut(@Nullable String text) {
        if (text == null || text.length() <= LONGEST_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "...";
    }
}
