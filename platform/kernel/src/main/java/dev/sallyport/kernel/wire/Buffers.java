package dev.sallyport.kernel.wire;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A few buffers of one size, kept for the next exchange. Thread-safe. */
public final class Buffers {

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(256);
    private final int size;

    /** @param size of each, in bytes */
    public Buffers(int size) {
        this.size = size;
    }

    /** One of any content, the caller's until it is given back. */
    public byte[] take() {
        byte @Nullable [] buffer = free.poll();
        return buffer == null ? new byte[size] : buffer;
    }

    /** Takes one back that {@link #take} gave; it must not be used any more. */
    public void give(byte[] buffer) {
        boolean kept = free.offer(buffer);
        assert kept || free.remainingCapacity() == 0;
    }
}
