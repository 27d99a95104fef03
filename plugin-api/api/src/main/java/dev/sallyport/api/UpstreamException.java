package dev.sallyport.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The upstream could not be reached, or broke before it had answered. Where no step handles it, the gateway answers
 * with the {@linkplain Kind#status() status of its kind}.
 */
public final class UpstreamException extends IOException {

    private static final long serialVersionUID = 1;

    private final Kind kind;

    /**
     * @param message what failed, in one sentence, for the log; it is not shown to the client
     */
    public UpstreamException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What failed. */
    public Kind kind() {
        return kind;
    }

    /** What can fail, by how much of the request may have been processed. */
    public enum Kind {
        /** No target is there, or none is available. Nothing was sent. */
        NO_TARGET(503),
        /** The connection could not be made. Nothing was sent. */
        CONNECT(502),
        /** No connection came within the time allowed. Nothing was sent. */
        CONNECT_TIMEOUT(504),
        /** No head of a response came within the time allowed. */
        RESPONSE_TIMEOUT(504),
        /** The connection broke before the head of the response. */
        RESET(502),
        /** What came back is not HTTP. */
        PROTOCOL(502);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The status that the client gets. */
        public int status() {
            return status;
        }

        /** Whether it is certain that the upstream has seen nothing of the request. */
        public boolean isUnsent() {
            return this == NO_TARGET || this == CONNECT || this == CONNECT_TIMEOUT;
        }
    }
}
