package dev.sallyport.kernel.upstream;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Buffers for reading, lent to a call at a time: as many as were ever in use at once, up to a bound. Thread-safe. */
final class BufferPool {

    /** A response of 16 KiB and its head come in one read. */
    private static final int SIZE = 18 * 1024;

    private static final int KEPT = 256;

    private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger count = new AtomicInteger();

    /** One of no bytes: its limit is 0. */
    ByteBuffer take() {
        ByteBuffer buffer = free.pollFirst();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(SIZE).limit(0);
        }
        count.decrementAndGet();
        return buffer.clear().limit(0);
    }

    void giveBack(ByteBuffer buffer) {
        if (buffer.isDirect() && count.get() < KEPT) {
            count.incrementAndGet();
            free.addFirst(buffer);
        }
    }
}
