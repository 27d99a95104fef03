package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells all who work for an exchange that nobody waits for it any more, once. Thread-safe. */
public final class Cancellation {

    private @Nullable IOException cause;

    /** Nearly every exchange has one listener, so that one stands here without a list. */
    private @Nullable Consumer<IOException> first;

    private @Nullable List<Consumer<IOException>> others;

    /** Why it was cancelled; null while it was not. */
    public synchronized @Nullable IOException cause() {
        return cause;
    }

    /** Calls back when it is cancelled; at once, on this thread, where it was already. The callback must not block. */
    public void onCancel(Consumer<IOException> listener) {
        IOException already;
        synchronized (this) {
            already = cause;
            if (already == null) {
                add(listener);
            }
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    /** Takes back {@link #onCancel}; the callback may be under way already. */
    public synchronized void remove(Consumer<IOException> listener) {
        if (listener.equals(first)) {
            first = null;
        } else if (others != null) {
            others.remove(listener);
        }
    }

    /** Cancels; the first cause stays. */
    public void cancel(IOException reason) {
        Consumer<IOException> one;
        List<Consumer<IOException>> more;
        synchronized (this) {
            if (cause != null) {
                return;
            }
            cause = reason;
            one = first;
            more = others == null ? List.of() : others;
            first = null;
            others = null;
        }
        if (one != null) {
            one.accept(reason);
        }
        more.forEach(listener -> listener.accept(reason));
    }

    private void add(Consumer<IOException> listener) {
        if (first == null) {
            first = listener;
            return;
        }
        if (others == null) {
            others = new ArrayList<>(2);
        }
        others.add(listener);
    }
}
