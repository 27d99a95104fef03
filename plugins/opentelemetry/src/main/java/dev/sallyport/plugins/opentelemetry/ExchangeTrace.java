package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trace of one exchange while it runs: what may become spans is kept until its end, since only then is it known whether
 * it is sent. For the thread of the exchange.
 */
final class ExchangeTrace {

    private final Traces traces;
    private final SpanContext own;
    private final SpanContext parent;
    private final boolean stranger;
    private final boolean records;
    private final List<Piece> pieces;
    private @Nullable Piece current;
    private int left;

    ExchangeTrace(Traces traces, SpanContext own, SpanContext parent, boolean stranger) {
        this.traces = traces;
        this.own = own;
        this.parent = parent;
        this.stranger = stranger;
        records = own.isSampled() || traces.config().keep().anything();
        pieces = records ? new ArrayList<>(2) : List.of();
    }

    /** Whether parts are kept: it is sampled, or may be sent though it is not. */
    boolean records() {
        return records;
    }

    /** The server's span. */
    SpanContext own() {
        return own;
    }

    /** The span of the client, where it is believed; else one that is not valid. */
    SpanContext parent() {
        return parent;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** How many spans were left out, since there are as many as there may be. */
    int left() {
        return left;
    }

    private String currentId() {
        return current == null ? own.getSpanId() : current.spanId;
    }

    void stepEntered(StepInfo step) {
        if (records) {
            enter(Piece.step(traces.spanId(), currentId(), current, System.nanoTime(), step));
        }
    }

    void stepLeft(Verdict verdict, @Nullable Throwable failure, long selfNanos) {
        Piece piece = current;
        if (piece != null && piece.step != null) {
            piece.verdict = verdict;
            piece.selfNanos = selfNanos;
            if (failure != null) {
                piece.failed(failure);
            }
            leave(piece);
        }
    }

    void noted(String name, Object value) {
        Piece piece = current;
        if (piece != null && piece.step != null) {
            piece.note(name, value);
        }
    }

    /** The request with the fields of the server's span: what copies carry on, which are no attempts of this exchange. */
    Request received(Request request) {
        return request.withHeaders(traces.carriers().write(request.headers(), own, stranger));
    }

    /** The request with the fields that tell the target of its span. */
    Request attemptBegins(Attempt attempt, Request request) {
        String id = traces.spanId();
        if (records) {
            enter(Piece.attempt(id, currentId(), current, System.nanoTime(), attempt, request));
        }
        SpanContext span = SpanContext.create(own.getTraceId(), id, own.getTraceFlags(), own.getTraceState());
        return request.withHeaders(traces.carriers().write(request.headers(), span, false)); // a stranger's are gone
    }

    /**
     * The attempt has ended.
     *
     * @return its span; the server's where it is not recorded
     */
    SpanContext attemptEnded(int status, @Nullable Throwable failure) {
        Piece piece = current;
        while (piece != null && piece.attempt == null) {
            piece = piece.outer; // a step of the attempt that nobody has told of
        }
        if (piece == null) {
            return own;
        }
        piece.status = status;
        if (failure != null) {
            piece.failed(failure);
        }
        leave(piece);
        return SpanContext.create(own.getTraceId(), piece.spanId, own.getTraceFlags(), own.getTraceState());
    }

    private void enter(Piece piece) {
        current = piece;
        if (pieces.size() < traces.config().spans() - 1) {
            pieces.add(piece);
        } else {
            left++;
        }
    }

    private void leave(Piece piece) {
        piece.endNanos = System.nanoTime();
        current = piece.outer;
    }

    /** Whether it is sent, now that it is known how it has ended. */
    boolean isKept(Request request, Completion completion) {
        if (own.isSampled()) {
            return true;
        }
        OpenTelemetryConfig.Keep keep = traces.config().keep();
        Duration slow = keep.slowerThan();
        // A tunnel is open for as long as both sides like it.
        return (keep.errors() && (completion.status() >= 500 || completion.outcome() == Completion.Outcome.FAILED))
                || (slow != null
                        && !isTunnel(request, completion)
                        && completion.duration().compareTo(slow) > 0);
    }

    /** Whether it became one: to ask for it is not enough (RFC 9110 §15.2.2; RFC 8441 §5 answers with 200). */
    private static boolean isTunnel(Request request, Completion completion) {
        return completion.status() == 101
                || (request.upgrade() != null
                        && completion.status() / 100 == 2
                        && !request.exchange().protocol().startsWith("HTTP/1"));
    }
}
