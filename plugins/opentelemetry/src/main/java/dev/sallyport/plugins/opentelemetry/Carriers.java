package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Headers;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Propagation;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header fields by which traces come in and go on. Where several forms are chosen the first one that says something of a
 * trace counts, and all of them are written. Immutable.
 */
final class Carriers {

    private static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";
    private static final String BAGGAGE = "baggage";

    /** Fields that carry a trace in any form: of strangers none of them goes on. */
    private static final List<String> ALL = List.of(
            TRACEPARENT,
            TRACESTATE,
            BAGGAGE,
            "b3",
            "x-b3-traceid",
            "x-b3-spanid",
            "x-b3-parentspanid",
            "x-b3-sampled",
            "x-b3-flags");

    /** Level 2 of the recommendation: the right half of the trace id was made at random. Others are no one's yet, so 0. */
    private static final byte RANDOM = 0x02;

    private static final TextMapGetter<Headers> FIELDS = (fields, name) -> fields == null ? null : one(fields, name);

    private final List<TextMapPropagator> forms = new ArrayList<>();
    private final Set<String> read = new HashSet<>();
    private final boolean tracecontext;
    private final boolean b3;

    Carriers(List<Propagation> chosen) {
        tracecontext = chosen.contains(Propagation.TRACECONTEXT);
        for (Propagation form : chosen) {
            switch (form) {
                case TRACECONTEXT -> forms.add(W3CTraceContextPropagator.getInstance());
                case B3 -> forms.add(B3Propagator.injectingSingleHeader());
                case B3_MULTI -> forms.add(B3Propagator.injectingMultiHeaders());
                case BAGGAGE -> {
                    // is not read here: it goes on as it came
                }
            }
        }
        if (!chosen.contains(Propagation.BAGGAGE)) {
            read.add(BAGGAGE);
        }
        for (TextMapPropagator form : forms) {
            form.fields().forEach(field -> read.add(field.toLowerCase(Locale.ROOT)));
        }
        b3 = chosen.contains(Propagation.B3) || chosen.contains(Propagation.B3_MULTI);
        if (b3) {
            ALL.stream().filter(field -> field.contains("b3")).forEach(read::add);
        }
    }

    /** The trace that the fields name; one that is not valid where they name none, or not as they should. */
    SpanContext read(Headers fields) {
        for (TextMapPropagator form : forms) {
            SpanContext found = Span.fromContext(form.extract(Context.root(), fields, FIELDS))
                    .getSpanContext();
            if (found.isValid()) {
                return found;
            }
        }
        return SpanContext.getInvalid();
    }

    /** What B3 fields say of sampling where they name no trace; null where that is nothing. */
    @Nullable
    Boolean decision(Headers fields) {
        if (!b3) {
            return null;
        }
        String single = one(fields, "b3");
        String flags = one(fields, "x-b3-flags");
        String said = single != null ? single : "1".equals(flags) ? "d" : one(fields, "x-b3-sampled");
        return switch (said == null ? "" : said.toLowerCase(Locale.ROOT)) {
            case "0", "false" -> false;
            case "1", "d", "true" -> true;
            default -> null;
        };
    }

    /** A field's value; of {@code tracestate}, which may be several, all in one (RFC 9110 §5.3). */
    private static @Nullable String one(Headers fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            return null;
        }
        List<String> all = fields.all(name);
        if (all.size() == 1) {
            return value.strip();
        }
        if (!name.equalsIgnoreCase(TRACESTATE)) {
            return null; // two parents are none (Trace Context §3.2)
        }
        return String.join(
                ",",
                all.stream().map(String::strip).filter(part -> !part.isEmpty()).toList());
    }

    /** The flags that go on: whether it is sampled, and of those that came the one that is known. */
    static TraceFlags flags(boolean sampled, SpanContext parent) {
        int flags = (sampled ? TraceFlags.getSampled().asByte() : 0)
                | (parent.isValid() ? parent.getTraceFlags().asByte() & RANDOM : 0);
        return TraceFlags.fromByte((byte) flags);
    }

    /**
     * The fields with those of this span in the place of all that were there.
     *
     * @param stranger whether those that came are of somebody who is not believed: then none of any form goes on
     */
    Headers write(Headers fields, SpanContext span, boolean stranger) {
        Headers.Builder changed = Headers.builder(fields.size() + 2);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (!isTaken(name, stranger)) {
                changed.add(fields, i);
            }
        }
        if (tracecontext && span.getTraceState().isEmpty()) {
            changed.add(TRACEPARENT, traceparent(span));
        }
        Context context = null;
        for (TextMapPropagator form : forms) {
            if (form instanceof W3CTraceContextPropagator
                    && span.getTraceState().isEmpty()) {
                continue; // written above, without the detour
            }
            context = context == null ? Context.root().with(Span.wrap(span)) : context;
            form.inject(context, changed, (to, name, value) -> {
                if (to != null) {
                    to.add(name, value);
                }
            });
        }
        return changed.build();
    }

    private static String traceparent(SpanContext span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }

    private boolean isTaken(String name, boolean stranger) {
        // Most fields are told apart by their first letter.
        char first = (char) (name.charAt(0) | 0x20);
        if (first != 't' && first != 'b' && first != 'x') {
            return false;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return stranger ? ALL.contains(lower) : read.contains(lower);
    }
}
