package dev.sallyport.kernel.store;

import dev.sallyport.api.Limit;
import java.util.Arrays;

/** A sliding window that remembers each take. Changed in place: it may be long. */
final class LoggedCount implements Count {

    /** As many takes take as much memory as a key does. */
    private static final int A_KEY = 16;

    /** When and how much, in turn: a ring. */
    private long[] takes = new long[8];

    private int first;
    private int size;
    private long total;
    private long now;
    private final long window;

    private LoggedCount(long window) {
        this.window = window;
    }

    static LoggedCount fresh(long time, Limit.Log limit) {
        return new LoggedCount(BucketCount.nanos(limit.window())).at(time, limit);
    }

    LoggedCount at(long time, Limit.Log limit) {
        if (BucketCount.nanos(limit.window()) != window) {
            return fresh(time, limit);
        }
        now = time;
        while (size > 0 && now - when(0) >= window) {
            total -= howMuch(0);
            first = (first + 1) % (takes.length / 2);
            size--;
        }
        return this;
    }

    @Override
    public long there(Limit limit) {
        return ((Limit.Log) limit).amount() - total;
    }

    @Override
    public LoggedCount minus(Limit limit, long tokens) {
        if (tokens > 0) {
            if (size == takes.length / 2) {
                grow();
            }
            int at = place(size++);
            takes[at] = now;
            takes[at + 1] = tokens;
            total += tokens;
        }
        return this;
    }

    private void grow() {
        long[] larger = Arrays.copyOf(takes, takes.length * 2);
        for (int i = 0; i < size; i++) {
            larger[2 * i] = when(i);
            larger[2 * i + 1] = howMuch(i);
        }
        takes = larger;
        first = 0;
    }

    @Override
    public long retryAfter(Limit limit, long tokens) {
        long over = total + tokens - ((Limit.Log) limit).amount();
        for (int i = 0; i < size; i++) {
            over -= howMuch(i);
            if (over <= 0) {
                return remembered(i);
            }
        }
        return Long.MAX_VALUE;
    }

    @Override
    public long fullAfter(Limit limit) {
        return size == 0 ? 0 : remembered(size - 1);
    }

    /** How long a take is still remembered. */
    private long remembered(int take) {
        return window - (now - when(take));
    }

    @Override
    public int weight() {
        return takes.length / 2 / A_KEY;
    }

    private long when(int take) {
        return takes[place(take)];
    }

    private long howMuch(int take) {
        return takes[place(take) + 1];
    }

    private int place(int take) {
        return (first + take) % (takes.length / 2) * 2;
    }
}
