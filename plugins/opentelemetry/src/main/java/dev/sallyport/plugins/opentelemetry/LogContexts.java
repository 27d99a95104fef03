package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.api.trace.SpanContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which exchange a thread works for, so that what it logs leads to the trace. By the thread's number: nothing is left in the
 * thread itself, which would outlive the plugin there. Thread-safe.
 */
final class LogContexts {

    private final Map<Long, SpanContext> byThread = new ConcurrentHashMap<>();

    void begin(SpanContext span) {
        byThread.put(Thread.currentThread().threadId(), span);
    }

    /**
     * Its exchange has ended.
     *
     * @param threadId of the thread that began it
     */
    void end(long threadId, SpanContext span) {
        byThread.remove(threadId, span);
    }

    /** Of this thread's exchange; one that is not valid where it works for none. */
    SpanContext current() {
        return byThread.getOrDefault(Thread.currentThread().threadId(), SpanContext.getInvalid());
    }

    int size() {
        return byThread.size();
    }
}
