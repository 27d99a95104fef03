package dev.sallyport.kernel.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A few buffers of one size, kept for the next exchange. Thread-safe. */
final class Buffers {

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(256);
    private final int size;

    /** @param size of each, in bytes */
    Buffers(int size) {
        this.size = size;
    }

    byte[] take() {
        byte @Nullable [] buffer = free.poll();
        return buffer == null ? new byte[size] : buffer;
    }

    void give(byte[] buffer) {
        boolean kept = free.offer(buffer);
        assert kept || free.remainingCapacity() == 0;
    }
}
