package dev.sallyport.plugins.messagepolicy;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends a connection that is silent, or open, for too long. Thread-safe. */
final class Lifetime {

    private final MessagePolicyFilter step;
    private final Consumer<Verdict> over;
    private final long idleNanos;
    private volatile long lastNanos;
    private volatile boolean ended;
    private @Nullable Future<?> look; // guarded by this
    private @Nullable Future<?> end; // guarded by this

    Lifetime(MessagePolicyFilter step, Consumer<Verdict> over) {
        this.step = step;
        this.over = over;
        Duration idle = step.config().idle();
        Duration maxAge = step.config().maxAge();
        idleNanos = idle == null ? 0 : idle.toNanos();
        lastNanos = step.nanos();
        if (maxAge != null) {
            end = step.later(() -> over.accept(Verdict.MAX_AGE), maxAge.toNanos());
        }
        if (idleNanos > 0) {
            look(idleNanos);
        }
    }

    void touched() {
        if (idleNanos > 0) {
            lastNanos = step.nanos();
        }
    }

    private synchronized void look(long nanos) {
        if (!ended) {
            look = step.later(this::judge, nanos);
        }
    }

    private void judge() {
        long left = lastNanos + idleNanos - step.nanos();
        if (left > 0) {
            look(Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
        } else {
            over.accept(Verdict.IDLE);
        }
    }

    synchronized void ended() {
        ended = true;
        if (look != null) {
            look.cancel(false);
        }
        if (end != null) {
            end.cancel(false);
        }
    }
}
