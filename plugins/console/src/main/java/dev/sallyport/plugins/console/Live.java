package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.AdminPages.Stream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What those who look get each second: one text, made once however many they are. Who is slow misses some, nobody waits for
 * them. Thread-safe.
 */
final class Live {

    static final int MOST_VIEWERS = 40;

    /** A stream ends after that, and the page asks anew: with a token that is good then. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private int viewers;
    private long number;
    private String text = "";

    /** Whether anybody looks. */
    boolean isWatched() {
        lock.lock();
        try {
            return viewers > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The text of another second. */
    void tell(String json) {
        lock.lock();
        try {
            text = json;
            number++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A stream for one more; null where there are too many. */
    @Nullable
    Stream watch(Call call) {
        lock.lock();
        try {
            if (viewers >= MOST_VIEWERS) {
                return null;
            }
            viewers++;
            return new Viewer(call, number);
        } finally {
            lock.unlock();
        }
    }

    private final class Viewer implements Stream {

        private final Call call;
        private final long until = System.nanoTime() + LONGEST_NANOS;
        private long seen;
        private boolean closed;

        Viewer(Call call, long seen) {
            this.call = call;
            this.seen = seen;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException, InterruptedException {
            out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush(); // so that the page knows that it has begun
            for (String next = next(); next != null; next = next()) {
                // Server-sent events, WHATWG HTML §9.2.
                out.write(("data: " + next + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }

        private @Nullable String next() throws InterruptedException {
            lock.lock();
            try {
                while (!closed && seen == number && System.nanoTime() < until) {
                    news.await(2, TimeUnit.SECONDS);
                }
                if (closed || System.nanoTime() >= until) {
                    return null;
                }
                seen = number;
            } finally {
                lock.unlock();
            }
            return call.isGoodStill() ? text() : null;
        }

        private String text() {
            lock.lock();
            try {
                return text;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    viewers--;
                    news.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
