package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells all who work for an exchange that nobody waits for it any more, once. Thread-safe. */
public final class Cancellation {

    private @Nullable IOException cause;
    private @Nullable List<Consumer<IOException>> listeners;

    /** Why it was cancelled; null while it was not. */
    public synchronized @Nullable IOException cause() {
        return cause;
    }

    /** Calls back when it is cancelled; at once, on this thread, where it was already. */
    public void onCancel(Consumer<IOException> listener) {
        IOException already;
        synchronized (this) {
            already = cause;
            if (already == null) {
                if (listeners == null) {
                    listeners = new ArrayList<>(2);
                }
                listeners.add(listener);
            }
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    /** Cancels; the first cause stays. */
    public void cancel(IOException reason) {
        List<Consumer<IOException>> toCall;
        synchronized (this) {
            if (cause != null) {
                return;
            }
            cause = reason;
            toCall = listeners == null ? List.of() : listeners;
            listeners = null;
        }
        toCall.forEach(listener -> listener.accept(reason));
    }
}
