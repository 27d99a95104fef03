package dev.sallyport.plugins.elk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Records in memory, of a bounded size, on their way to the disk. Who brings one never waits. Thread-safe.
 *
 * <p>What was taken out counts until it is {@linkplain #release released}, so that the bound holds for all that is in memory.
 */
final class Waiting {

    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // All guarded by the lock.
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    /** @param most bytes, as they would be on disk */
    Waiting(long most) {
        this.most = most;
    }

    /** Takes a record; false where there is no room, or it is closed. */
    boolean offer(Entry entry) {
        lock.lock();
        try {
            if (closed || bytes + entry.size() > most) {
                return false;
            }
            bytes += entry.size();
            entries.add(entry);
            if (entries.size() == 1) {
                changed.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something is there, the time is over, or it is closed; then takes out up to so many, and about so many bytes. */
    List<Entry> take(int mostEntries, long mostBytes, long millis) {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (entries.isEmpty() && !closed && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            List<Entry> taken = new ArrayList<>();
            for (long size = 0;
                    !entries.isEmpty() && taken.size() < mostEntries && size < mostBytes;
                    size += taken.getLast().size()) {
                taken.add(entries.remove());
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Puts back what was taken out last, in front. */
    void putBack(List<Entry> taken) {
        lock.lock();
        try {
            for (Entry entry : taken.reversed()) {
                entries.addFirst(entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was taken out is not in memory any more. */
    void release(List<Entry> taken) {
        lock.lock();
        try {
            for (Entry entry : taken) {
                bytes -= entry.size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what is there can still be taken out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
