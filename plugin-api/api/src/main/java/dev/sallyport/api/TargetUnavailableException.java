package dev.sallyport.api;

import java.time.Duration;

/**
 * Thrown by a step of the attempt (one that stands under {@code upstreams.X.plugins}) that will not let the chosen
 * target be used now: the balancer chooses another one, and where none is left the client gets 503.
 */
public final class TargetUnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /**
     * @param reason why, in one sentence, for traces
     * @param retryAfter when it may be used again, from now; zero where that is not known
     */
    public TargetUnavailableException(String reason, Duration retryAfter) {
        super(reason, null, false, false); // a decision on the hot path: a stack trace tells nothing
        this.retryAfter = retryAfter;
    }

    /** When the target may be used again, from the time of the throw; zero where that is not known. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
