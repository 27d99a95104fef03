package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a target, from before it is made until it is closed. It serves one call at a time, and is kept between
 * them. Thread-safe.
 */
final class Connection {

    private enum State {
        CONNECTING,
        OPEN,
        TUNNEL,
        CLOSED
    }

    private final ConnectionPool pool;
    private final Wire wire;
    private final ConnectionWatch watch;
    private final AtomicReference<State> state = new AtomicReference<>(State.CONNECTING);
    private volatile @Nullable Call call;
    private volatile long idleSince;
    private boolean kept;

    /**
     * A connection in the making.
     *
     * @param watch what looks at it while it is open
     */
    Connection(ConnectionPool pool, Wire wire, Call first, ConnectionWatch watch) {
        this.pool = pool;
        this.wire = wire;
        this.watch = watch;
        call = first;
        watch.add(this);
    }

    Wire wire() {
        return wire;
    }

    /** Who uses it; null while it is kept, and once it is a tunnel. */
    @Nullable
    Call call() {
        return call;
    }

    /** Whether it has served before. */
    boolean isKept() {
        return kept;
    }

    /** It is made; false where it was closed meanwhile. From now on it counts itself out when it ends. */
    boolean opened() {
        return state.compareAndSet(State.CONNECTING, State.OPEN);
    }

    /** Takes it for another call, where the target still wants it; else it is closed. */
    boolean takeFor(Call next) {
        call = next;
        watch.begun();
        if (state.get() == State.OPEN && wire.isQuiet()) {
            return true;
        }
        close();
        return false;
    }

    /** The call is over, and the connection as good as new. */
    void free() {
        kept = true;
        idleSince = System.nanoTime();
        call = null;
        pool.free(this);
    }

    /** It has become a tunnel: it belongs to no call any more, and counts no longer. */
    void detach() {
        call = null;
        watch.remove(this);
        if (state.compareAndSet(State.OPEN, State.TUNNEL)) {
            pool.left();
        }
    }

    /** Closes it; whoever is blocked on it is told. */
    void close() {
        State before = state.getAndSet(State.CLOSED);
        if (before == State.CLOSED) {
            return;
        }
        wire.close();
        call = null;
        watch.remove(this);
        if (before == State.OPEN) {
            pool.left();
        }
    }

    /** Ends it and the call that uses it. */
    void abort(IOException reason) {
        Call user = call;
        if (user != null) {
            user.fail(reason);
        }
        close();
    }

    /** Called every few milliseconds while it is used: ends what takes too long. Whether it is used. */
    boolean look(long now) {
        Call user = call;
        if (user != null) {
            user.look(now);
            return true;
        }
        if (now - idleSince > pool.keepAlive() && pool.remove(this)) {
            close();
        }
        return false;
    }
}
