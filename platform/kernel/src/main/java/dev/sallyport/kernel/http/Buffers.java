package dev.sallyport.kernel.http;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A few buffers to copy bodies through, kept for the next exchange. Thread-safe. */
final class Buffers {

    private static final int SIZE = 16 * 1024;

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(256);

    byte[] take() {
        byte @Nullable [] buffer = free.poll();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    void give(byte[] buffer) {
        boolean kept = free.offer(buffer);
        assert kept || free.remainingCapacity() == 0;
    }
}
