package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.telemetry.StepInfo;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes spans of exchanges that have ended, by the semantic conventions for HTTP. Thread-safe. */
final class Spans {

    private static final double NANOS = 1e9;

    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final Methods methods;

    Spans(Resource resource, InstrumentationScopeInfo scope, Methods methods) {
        this.resource = resource;
        this.scope = scope;
        this.methods = methods;
    }

    /** Adds the spans of one exchange. */
    void add(EndedExchange ended, List<SpanData> to) {
        to.add(server(ended));
        int attempts = 0;
        int sent = 0;
        for (Piece piece : ended.pieces()) {
            if (piece.attempt != null) {
                to.add(attempt(ended, piece, piece.attempt, ended.queries().get(attempts++), sent));
                sent += piece.isUnsent() ? 0 : 1;
            } else if (piece.step != null) {
                to.add(step(ended, piece, piece.step));
            }
        }
    }

    List<SpanData> of(List<EndedExchange> all) {
        List<SpanData> spans = new ArrayList<>(all.size() * 2);
        all.forEach(each -> add(each, spans));
        return spans;
    }

    private SpanData server(EndedExchange ended) {
        Completion completion = ended.completion();
        String method = methods.told(ended.method());
        Authority authority = Authority.of(ended.host(), ended.scheme());
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, Keys.METHOD, method);
        if (method.equals(Methods.OTHER)) {
            put(attributes, Keys.METHOD_ORIGINAL, Redaction.cut(ended.method()));
        }
        put(attributes, Keys.URL_SCHEME, ended.scheme());
        put(attributes, Keys.URL_PATH, ended.path());
        put(attributes, Keys.URL_QUERY, ended.query());
        put(attributes, Keys.ROUTE, ended.route());
        int status = ErrorTypes.status(completion);
        if (status > 0) {
            attributes.put(Keys.STATUS, (long) status);
        }
        String error = ErrorTypes.of(completion);
        put(attributes, Keys.ERROR_TYPE, error);
        if (authority != null) {
            put(attributes, Keys.SERVER_ADDRESS, Redaction.cut(authority.host()));
            attributes.put(Keys.SERVER_PORT, (long) authority.port());
        }
        put(attributes, Keys.CLIENT_ADDRESS, ended.client());
        put(attributes, Keys.PEER_ADDRESS, ended.peer());
        attributes.put(Keys.PEER_PORT, (long) ended.peerPort());
        put(attributes, Keys.PROTOCOL_VERSION, Told.version(ended.protocol()));
        put(attributes, Keys.USER_AGENT, ended.userAgent());
        put(attributes, Keys.REQUEST_ID, ended.id());
        put(attributes, Keys.LISTENER, ended.listener());
        put(attributes, Keys.ROUTE_NAME, ended.routeName());
        put(attributes, Keys.CONSUMER, ended.consumer());
        ended.requestFields().forEach((name, values) -> attributes.put(Keys.requestHeader(name), values));
        ended.responseFields().forEach((name, values) -> attributes.put(Keys.responseHeader(name), values));
        return span(
                Methods.span(method, ended.route()),
                SpanKind.SERVER,
                ended.own(),
                ended.parent(),
                error == null || completion.outcome() == Completion.Outcome.CLIENT_GONE
                        ? StatusData.unset()
                        : failed(completion.failure()),
                ended.epochNanos(),
                ended.epochNanos() + completion.duration().toNanos(),
                attributes.build());
    }

    /** @param before how often it was sent before */
    private SpanData attempt(EndedExchange ended, Piece piece, Attempt attempt, String target, int before) {
        String method = methods.told(piece.method);
        Target to = Target.of(attempt);
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, Keys.METHOD, method);
        if (method.equals(Methods.OTHER)) {
            put(attributes, Keys.METHOD_ORIGINAL, Redaction.cut(piece.method));
        }
        put(attributes, Keys.URL_FULL, to.url() + target);
        put(attributes, Keys.SERVER_ADDRESS, Redaction.cut(to.address()));
        attributes.put(Keys.SERVER_PORT, (long) to.port());
        if (piece.status > 0) {
            attributes.put(Keys.STATUS, (long) piece.status);
        }
        String error =
                piece.errorType == null && piece.status >= 400 ? Integer.toString(piece.status) : piece.errorType;
        put(attributes, Keys.ERROR_TYPE, error);
        if (before > 0) {
            attributes.put(Keys.RESEND_COUNT, (long) before);
        }
        put(attributes, Keys.UPSTREAM, attempt.upstream());
        return inner(ended, piece, Methods.span(method, null), SpanKind.CLIENT, error, attributes.build());
    }

    private SpanData step(EndedExchange ended, Piece piece, StepInfo step) {
        AttributesBuilder attributes = Attributes.builder();
        put(attributes, Keys.STEP_PLACE, step.place());
        put(attributes, Keys.STEP_ID, step.id());
        put(attributes, Keys.STEP_TYPE, step.type());
        put(attributes, Keys.STEP_VERSION, step.version());
        if (piece.verdict != null) {
            put(attributes, Keys.STEP_VERDICT, piece.verdict.name().toLowerCase(Locale.ROOT));
        }
        attributes.put(Keys.STEP_SELF, piece.selfNanos / NANOS);
        put(attributes, Keys.ERROR_TYPE, piece.errorType);
        if (piece.notes != null) {
            piece.notes.forEach((name, value) -> note(attributes, "sallyport.note." + name, value));
        }
        return inner(ended, piece, "step " + step.id(), SpanKind.INTERNAL, piece.errorType, attributes.build());
    }

    private static void note(AttributesBuilder attributes, String name, Object value) {
        switch (value) {
            case Boolean flag -> attributes.put(name, flag.booleanValue());
            case Double real -> attributes.put(name, real.doubleValue());
            case Float real -> attributes.put(name, real.doubleValue());
            case Number whole -> attributes.put(name, whole.longValue());
            default -> attributes.put(name, Redaction.cut(value.toString()));
        }
    }

    private SpanData inner(
            EndedExchange ended,
            Piece piece,
            String name,
            SpanKind kind,
            @Nullable String error,
            Attributes attributes) {
        SpanContext own = ended.own();
        return span(
                name,
                kind,
                SpanContext.create(own.getTraceId(), piece.spanId, own.getTraceFlags(), own.getTraceState()),
                SpanContext.create(own.getTraceId(), piece.parentId, own.getTraceFlags(), TraceState.getDefault()),
                error == null || error.equals("client_gone") ? StatusData.unset() : failed(piece.errorMessage),
                ended.epochNanos(piece.beginNanos),
                ended.epochNanos(piece.endNanos),
                attributes);
    }

    private SpanData span(
            String name,
            SpanKind kind,
            SpanContext own,
            SpanContext parent,
            StatusData status,
            long begin,
            long end,
            Attributes attributes) {
        return new SentSpan(name, kind, own, parent, status, begin, Math.max(begin, end), attributes, resource, scope);
    }

    private static StatusData failed(@Nullable String why) {
        return why == null ? StatusData.error() : StatusData.create(StatusCode.ERROR, Redaction.cut(why));
    }

    private static void put(AttributesBuilder attributes, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            attributes.put(key, value);
        }
    }

    /** Host and port that the client meant. */
    private record Authority(String host, int port) {

        static @Nullable Authority of(@Nullable String field, String scheme) {
            if (field == null || field.isEmpty()) {
                return null;
            }
            int usual = scheme.equals("https") ? 443 : 80;
            int colon = field.lastIndexOf(':');
            if (colon <= field.lastIndexOf(']')) {
                return new Authority(bare(field), usual);
            }
            try {
                return new Authority(bare(field.substring(0, colon)), Integer.parseInt(field.substring(colon + 1)));
            } catch (NumberFormatException none) {
                return new Authority(bare(field.substring(0, colon)), usual);
            }
        }

        private static String bare(String host) {
            return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        }
    }
}
