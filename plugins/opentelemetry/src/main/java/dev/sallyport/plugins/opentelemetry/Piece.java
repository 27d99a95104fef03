package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.ClientGoneException;
import dev.sallyport.api.Request;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.api.telemetry.ExchangeObserver.Verdict;
import dev.sallyport.api.telemetry.StepInfo;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of an exchange that becomes a span of its own: a step, or an attempt. It holds texts and numbers alone, never what
 * belongs to a plugin or a generation, since it may wait for the collector. For one thread at a time.
 */
final class Piece {

    private static final int MOST_NOTES = 32;

    final String spanId;
    final String parentId;
    final @Nullable Piece outer;
    final long beginNanos;
    long endNanos;

    final @Nullable StepInfo step;

    @Nullable
    Verdict verdict;

    long selfNanos;

    @Nullable
    Map<String, Object> notes;

    final @Nullable Attempt attempt;
    final String method;
    final String path;
    final @Nullable String query;
    int status;
    private boolean unsent;

    /** What went wrong: few values; null where nothing did. */
    @Nullable
    String errorType;

    @Nullable
    String errorMessage;

    private Piece(
            String spanId,
            String parentId,
            @Nullable Piece outer,
            long beginNanos,
            @Nullable StepInfo step,
            @Nullable Attempt attempt,
            String method,
            String path,
            @Nullable String query) {
        this.spanId = spanId;
        this.parentId = parentId;
        this.outer = outer;
        this.beginNanos = beginNanos;
        this.endNanos = beginNanos;
        this.step = step;
        this.attempt = attempt;
        this.method = method;
        this.path = path;
        this.query = query;
    }

    static Piece step(String spanId, String parentId, @Nullable Piece outer, long now, StepInfo step) {
        return new Piece(spanId, parentId, outer, now, step, null, "", "", null);
    }

    static Piece attempt(
            String spanId, String parentId, @Nullable Piece outer, long now, Attempt attempt, Request request) {
        return new Piece(
                spanId,
                parentId,
                outer,
                now,
                null,
                attempt,
                request.method(),
                request.path(),
                request.target().query());
    }

    void note(String name, Object value) {
        Map<String, Object> all = notes == null ? new LinkedHashMap<>() : notes;
        notes = all;
        if (all.size() < MOST_NOTES) {
            all.put(name, value);
        }
    }

    /** Whether nobody tried to send it: a step of the attempt refused it, or there was no target. */
    boolean isUnsent() {
        return unsent;
    }

    void failed(Throwable failure) {
        unsent = !(failure instanceof ClientGoneException)
                && (!(failure instanceof UpstreamException upstream)
                        || upstream.kind() == UpstreamException.Kind.NO_TARGET);
        errorType = errorType(failure);
        errorMessage = failure instanceof UpstreamException ? failure.getMessage() : null;
    }

    /**
     * The kind of a failure in a word: one of the gateway's own, else the name of its class. Its message may hold anything, so
     * it is told of no other than the gateway's own.
     */
    static String errorType(Throwable failure) {
        return switch (failure) {
            case UpstreamException upstream -> upstream.kind().name().toLowerCase(Locale.ROOT);
            case ClientGoneException _ -> "client_gone";
            default -> failure.getClass().getName();
        };
    }
}
