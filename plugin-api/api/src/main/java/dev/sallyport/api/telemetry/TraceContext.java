package dev.sallyport.api.telemetry;

import dev.sallyport.api.Attribute;

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

    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;

    /** @throws IllegalArgumentException where an id is none */
    public TraceContext {
        if (!isId(traceId, TRACE_DIGITS)) {
            throw new IllegalArgumentException("traceId: " + traceId + " (expected: 32 hexadecimal digits, not all 0)");
        }
        if (!isId(spanId, SPAN_DIGITS)) {
            throw new IllegalArgumentException("spanId: " + spanId + " (expected: 16 hexadecimal digits, not all 0)");
        }
    }

    /** Made for each traced request, so without a regular expression. */
    private static boolean isId(String text, int digits) {
        if (text.length() != digits) {
            return false;
        }
        boolean zero = true;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
            zero &= c == '0';
        }
        return !zero;
    }
}
