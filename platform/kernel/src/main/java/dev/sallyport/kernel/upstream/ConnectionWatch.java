package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All connections of a client, and the thread that ends what takes too long on them, to within {@value #LOOK_MILLIS} ms: a
 * wait costs a write to a field. Where nothing has been under way for a while, it looks seldom, until a call begins.
 */
final class ConnectionWatch implements AutoCloseable {

    private static final int LOOK_MILLIS = 20;
    private static final int REST_MILLIS = 500;

    /** After so many looks that saw nothing under way, a second, it rests. */
    private static final int LOOKS_TO_REST = 50;

    private static final long TIDY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Runnable tidy;
    private final Thread thread;
    private volatile boolean resting;
    private volatile boolean closed;

    /**
     * Starts it.
     *
     * @param tidy called once a minute
     */
    ConnectionWatch(Runnable tidy) {
        this.tidy = tidy;
        // A platform thread: it must look also while all carriers of virtual threads are busy.
        thread = Thread.ofPlatform().daemon().name("upstream-timeouts").start(this::watch);
    }

    /** A connection is being made for a call. */
    void add(Connection connection) {
        connections.add(connection);
        begun();
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** A call has begun on a connection, which says so by now. */
    void begun() {
        if (resting) {
            resting = false;
            LockSupport.unpark(thread);
        }
    }

    /** How many of them have a call under way. */
    int inUse() {
        return (int) connections.stream()
                .filter(connection -> connection.call() != null)
                .count();
    }

    private void watch() {
        long tidied = System.nanoTime();
        int calm = 0;
        while (!closed) {
            // Before it looks: of a call that comes too late for this look, it is told.
            resting = calm >= LOOKS_TO_REST;
            long now = System.nanoTime();
            boolean busy = false;
            for (Connection connection : connections) {
                busy |= connection.look(now);
            }
            if (busy) {
                calm = 0;
                resting = false;
            } else if (!resting) {
                calm++;
            }
            if (now - tidied > TIDY_NANOS) {
                tidied = now;
                tidy.run();
            }
            if (!closed) {
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(resting ? REST_MILLIS : LOOK_MILLIS));
            }
        }
    }

    /** Closes all connections. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        connections.forEach(connection -> connection.abort(new IOException("the gateway stops")));
    }
}
