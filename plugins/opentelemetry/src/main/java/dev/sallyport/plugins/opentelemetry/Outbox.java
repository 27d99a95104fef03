package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.plugins.opentelemetry.Counts.Reason;
import dev.sallyport.plugins.opentelemetry.OpenTelemetryConfig.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, and the work of one thread that sends it in batches. Putting something in never waits: where it does
 * not fit it is dropped and counted. Thread-safe.
 */
final class Outbox<T> {

    private static final long PAUSE_NANOS = 1_000_000_000;
    private static final int BATCH = 2_048;

    private static final int TRIES = 5;

    private final Signal signal;
    private final int most;
    private final int batch;
    private final ToIntFunction<T> weight;
    private final Function<List<T>, byte[]> packing;
    private final Delivery delivery;
    private final Counts counts;
    private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private volatile @Nullable Thread sender;

    /**
     * @param most what waits at most, by weight
     * @param weight how many spans or records an element is
     * @param packing makes a message of some
     */
    Outbox(
            Signal signal,
            int most,
            ToIntFunction<T> weight,
            Function<List<T>, byte[]> packing,
            Delivery delivery,
            Counts counts) {
        this.signal = signal;
        this.most = most;
        this.weight = weight;
        this.packing = packing;
        this.delivery = delivery;
        this.counts = counts;
        batch = Math.max(1, Math.min(BATCH, most / 2));
        counts.waiting(signal, size::get);
    }

    /** Puts it in; never waits. */
    void offer(T element) {
        int more = weight.applyAsInt(element);
        int now = size.addAndGet(more);
        if (now > most) {
            size.addAndGet(-more);
            counts.dropped(signal, Reason.QUEUE_FULL, more);
            return;
        }
        waiting.add(element);
        if (now >= batch && now - more < batch) {
            LockSupport.unpark(sender);
        }
    }

    /** Sends until the delivery is closed, and then what is left. */
    void run() throws InterruptedException {
        sender = Thread.currentThread();
        while (!delivery.isClosing()) {
            if (size.get() < batch) {
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
            sendAll();
        }
        sendAll();
    }

    private void sendAll() throws InterruptedException {
        for (List<T> next = take(); !next.isEmpty(); next = take()) {
            send(next);
        }
    }

    private List<T> take() {
        List<T> taken = new ArrayList<>();
        int items = 0;
        while (items < batch) {
            T next = waiting.poll();
            if (next == null) {
                break;
            }
            taken.add(next);
            items += weight.applyAsInt(next);
        }
        size.addAndGet(-items);
        return taken;
    }

    private void send(List<T> elements) throws InterruptedException {
        byte[] message;
        try {
            message = packing.apply(elements);
        } catch (RuntimeException e) {
            delivery.failed(signal, weight(elements), e);
            return;
        }
        if (message.length > Messages.LONGEST && elements.size() > 1) {
            int half = elements.size() / 2;
            List<T> rest = elements.subList(half, elements.size());
            try {
                send(elements.subList(0, half));
            } catch (InterruptedException e) {
                counts.dropped(signal, Reason.CLOSED, weight(rest));
                throw e;
            }
            send(rest);
        } else {
            delivery.deliver(signal, message, weight(elements), TRIES);
        }
    }

    private int weight(List<T> elements) {
        return elements.stream().mapToInt(weight).sum();
    }

    /** Counts what is still there as lost; nobody sends any more. */
    void close() {
        int items = 0;
        for (T next = waiting.poll(); next != null; next = waiting.poll()) {
            items += weight.applyAsInt(next);
        }
        size.addAndGet(-items);
        delivery.lost(signal, items);
    }
}
