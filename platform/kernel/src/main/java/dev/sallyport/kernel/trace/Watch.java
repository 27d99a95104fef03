package dev.sallyport.kernel.trace;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Somebody who follows exchanges as they end. Exchanges never wait for it: what it does not take in time is left out. */
public final class Watch implements AutoCloseable {

    private static final int MOST_WAITING = 256;

    private final TraceFilter filter;
    private final Consumer<Watch> onClose;
    private final BlockingQueue<Trace> traces = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LongAdder leftOut = new LongAdder();

    Watch(TraceFilter filter, Consumer<Watch> onClose) {
        this.filter = filter;
        this.onClose = onClose;
    }

    TraceFilter filter() {
        return filter;
    }

    void offer(Trace trace) {
        if (!traces.offer(trace)) {
            leftOut.increment();
        }
    }

    /** The next one, waited for; null where none has come in that time. */
    public @Nullable Trace next(Duration patience) throws InterruptedException {
        return traces.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How many were left out so far, since they were not taken in time. */
    public long leftOut() {
        return leftOut.sum();
    }

    /** It wants no more. */
    @Override
    public void close() {
        onClose.accept(this);
    }
}
