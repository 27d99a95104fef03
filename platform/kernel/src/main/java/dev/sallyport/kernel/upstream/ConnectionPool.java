package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.upstream.UpstreamClient.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one target: kept ones are used again, the last freed first; there are never more than a limit, and who
 * comes then waits, first come, first served, unless too many do. Thread-safe.
 */
final class ConnectionPool {

    private final Target target;
    private final Link link;
    private final TlsContexts tls;
    private final long keepAlive;
    private final ConnectionWatch watch;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private int open;
    private boolean wasEmpty;

    /** Who waits for a connection; it is given one that was freed, or the right to make one. */
    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean served;
        private @Nullable Connection connection;
    }

    ConnectionPool(Target target, Link link, TlsContexts tls, ConnectionWatch watch) {
        this.target = target;
        this.link = link;
        keepAlive = link.keepAlive().toNanos();
        this.tls = tls;
        this.watch = watch;
    }

    /** A connection for a call: a kept one that is alive, or a new one. It waits for as long as the call may. */
    Connection take(Call call) throws IOException {
        while (true) {
            Waiter waiter = null;
            Connection kept;
            lock.lock();
            try {
                kept = idle.pollFirst();
                if (kept == null) {
                    if (open < link.maxConnections()) {
                        open++;
                    } else if (waiters.size() >= link.maxPending()) {
                        throw Failures.tooManyWait(call.outgoing());
                    } else {
                        waiter = new Waiter();
                        waiters.addLast(waiter);
                    }
                }
            } finally {
                lock.unlock();
            }
            if (waiter != null) {
                kept = await(waiter, call);
            }
            if (kept == null) {
                return connect(call);
            }
            if (kept.takeFor(call)) {
                return kept;
            }
        }
    }

    private @Nullable Connection await(Waiter waiter, Call call) throws IOException {
        try {
            while (!waiter.served) {
                call.awaitConnection(true);
            }
            return waiter.connection;
        } catch (IOException e) {
            giveUp(waiter);
            throw e;
        }
    }

    /** What it was given this moment goes on to the next one. */
    private void giveUp(Waiter waiter) {
        lock.lock();
        try {
            if (waiters.remove(waiter)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        Connection connection = waiter.connection;
        if (connection != null) {
            free(connection);
        } else {
            left();
        }
    }

    private Connection connect(Call call) throws IOException {
        Connection made = null;
        try {
            IOException failure = null;
            long begun = System.nanoTime();
            List<? extends SocketAddress> addresses = addresses(call);
            call.passed(Moment.RESOLVED, begun);
            for (SocketAddress address : addresses) {
                try {
                    made = connect(address, call);
                    return made;
                } catch (IOException e) {
                    call.throwIfFailed();
                    failure = e;
                }
            }
            throw failure == null ? new UnknownHostException(target.host()) : failure;
        } finally {
            if (made == null) {
                left();
            }
        }
    }

    private Connection connect(SocketAddress address, Call call) throws IOException {
        PlainWire plain = new PlainWire(target);
        Wire wire = target.secure() ? new TlsWire(target, link.tls(), tls, plain) : plain;
        Connection connection = new Connection(this, wire, call, watch);
        boolean done = false;
        try {
            call.connecting(connection);
            long begun = System.nanoTime();
            wire.connect(address);
            long connected = call.passed(Moment.CONNECTED, begun);
            if (target.secure()) {
                wire.secure();
                call.passed(Moment.SECURED, connected);
            }
            done = connection.opened();
            if (!done) {
                throw new ClosedChannelException();
            }
            return connection;
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    private List<? extends SocketAddress> addresses(Call call) throws IOException {
        if (target.socket() != null) {
            return List.of(UnixDomainSocketAddress.of(target.socket()));
        }
        return Stream.of(resolved(call))
                .map(address -> new InetSocketAddress(address, target.port()))
                .toList();
    }

    private InetAddress[] resolved(Call call) throws IOException {
        if (Target.isAddress(target.host())) {
            return new InetAddress[] {InetAddress.getByName(target.host())};
        }
        // The resolver knows no time limit, and holds its thread's carrier: so it runs apart, on a thread of the
        // platform.
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread waiting = Thread.currentThread();
        Thread.ofPlatform().daemon().name("resolve " + target.host()).start(() -> {
            try {
                answer.complete(InetAddress.getAllByName(target.host()));
            } catch (UnknownHostException e) {
                answer.completeExceptionally(e);
            }
            LockSupport.unpark(waiting);
        });
        while (!answer.isDone()) {
            call.awaitConnection(false);
        }
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new UnknownHostException(target.host());
        } catch (InterruptedException e) {
            throw new AssertionError("it is done", e);
        }
    }

    /** How long a connection is kept without a request, in nanoseconds. */
    long keepAlive() {
        return keepAlive;
    }

    /** A connection is free. */
    void free(Connection connection) {
        Waiter next;
        lock.lock();
        try {
            next = waiters.pollFirst();
            if (next == null) {
                idle.addFirst(connection);
                return;
            }
            next.connection = connection;
            next.served = true;
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(next.thread);
    }

    /** Takes a kept connection out, to close it; false where somebody has taken it this moment. */
    boolean remove(Connection connection) {
        lock.lock();
        try {
            return idle.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    /** What it has now. */
    PoolState state() {
        lock.lock();
        try {
            return new PoolState(open - idle.size(), idle.size(), waiters.size());
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has no connection, and had none when this was asked before: its target may be gone for good. */
    boolean isEmptyAgain() {
        lock.lock();
        try {
            boolean empty = open == 0 && waiters.isEmpty();
            boolean again = empty && wasEmpty;
            wasEmpty = empty;
            return again;
        } finally {
            lock.unlock();
        }
    }

    /** A connection is gone: another one may be made. */
    void left() {
        Waiter next;
        lock.lock();
        try {
            next = waiters.pollFirst();
            if (next == null) {
                open--;
                return;
            }
            next.served = true;
        } finally {
            lock.unlock();
        }
        LockSupport.unpark(next.thread);
    }
}
