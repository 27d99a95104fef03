package dev.sallyport.api.telemetry;

import dev.sallyport.api.Attribute;
import java.util.regex.Pattern;

/**
 * Where an exchange stands in a distributed trace (W3C Trace Context): left on the exchange by what traces it, before the
 * first step, and read by what writes logs and metrics, so that they lead to the trace. Immutable.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all of them 0
 * @param spanId of the gateway's own span: 16 hexadecimal digits in lower case, not all of them 0
 * @param sampled whether the trace is kept, as far as that is known when the exchange begins
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {

    /** Where it is left. */
    public static final Attribute<TraceContext> OF_EXCHANGE = Attribute.of("trace-context", TraceContext.class);

    private static final Pattern TRACE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern SPAN_ID = Pattern.compile("(?!0{16})[0-9a-f]{16}");

    /** @throws IllegalArgumentException where an id is none */
    public TraceContext {
        if (!TRACE_ID.matcher(traceId).matches()) {
            throw new IllegalArgumentException("traceId: " + traceId + " (expected: 32 hexadecimal digits, not all 0)");
        }
        if (!SPAN_ID.matcher(spanId).matches()) {
            throw new IllegalArgumentException("spanId: " + spanId + " (expected: 16 hexadecimal digits, not all 0)");
        }
    }
}
