package dev.sallyport.kernel.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that run one task after the other. A new one for each task would cost half of the bytes that a request
 * takes: itself, and the piece of memory into which its stack goes whenever it waits, which a thread keeps and uses again.
 *
 * <p>Tasks do not see that others ran before on their thread: no thread local, no interrupt and no context class loader
 * outlives the task that set it. Where the JDK does not let that be done ({@code --add-opens java.base/java.lang} is
 * missing), each thread runs one task. Thread-safe.
 */
final class ExchangeThreads implements Executor, AutoCloseable {

    /** So many wait for tasks at most, at some 4 KiB each; what is more ends. */
    private static final int MOST_IDLE = 256;

    /**
     * So many tasks for each thread. A thread stays with the code that it has begun with: one that began before that was
     * compiled would be put to sleep and woken the slow way, frame by frame, for as long as it lives.
     */
    private static final int TASKS = 64;

    private static final @Nullable Locals LOCALS = Locals.find();

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
            .name("exchange-", 0)
            .inheritInheritableThreadLocals(false)
            .factory());
    private final AtomicReference<@Nullable Idle> idle = new AtomicReference<>();
    private volatile boolean closed;

    /** One that has become idle, and those before it. The last one runs first: what it touches is in the caches yet. */
    private record Idle(Worker worker, @Nullable Idle next, int count) {}

    @Override
    public void execute(Runnable task) {
        Idle top;
        do {
            top = idle.get();
            if (top == null) {
                threads.execute(new Worker(task));
                return;
            }
        } while (!idle.compareAndSet(top, top.next()));
        top.worker().wake(task);
    }

    private boolean becomesIdle(Worker worker) {
        Idle top;
        int count;
        do {
            top = idle.get();
            count = top == null ? 0 : top.count();
            if (count >= MOST_IDLE || closed) {
                return false;
            }
        } while (!idle.compareAndSet(top, new Idle(worker, top, count + 1)));
        if (closed) {
            endIdle();
        }
        return true;
    }

    private final class Worker implements Runnable {

        private volatile @Nullable Runnable task;
        private volatile @Nullable Thread thread;

        Worker(Runnable first) {
            task = first;
        }

        void wake(Runnable next) {
            task = next;
            LockSupport.unpark(thread);
        }

        @Override
        public void run() {
            Thread current = Thread.currentThread();
            @Nullable ClassLoader loader = current.getContextClassLoader();
            thread = current;
            runTask();
            for (int tasks = 1; tasks < TASKS && forget(current, loader) && becomesIdle(this); tasks++) {
                while (task == null) {
                    LockSupport.park(this);
                    Thread.interrupted(); // by somebody who came too late for the task before
                }
                runTask();
            }
        }

        /** A method of its own, so that no frame below keeps the task while this thread waits for the next. */
        private void runTask() {
            Runnable now = task;
            task = null;
            if (now != null) {
                now.run(); // what it throws ends this thread, as it ended a thread for each task
            }
        }
    }

    /** Makes the thread as good as new; false where that is not possible. */
    private static boolean forget(Thread thread, @Nullable ClassLoader loader) {
        if (LOCALS == null) {
            return false;
        }
        LOCALS.forget(thread);
        if (!Objects.equals(thread.getContextClassLoader(), loader)) {
            thread.setContextClassLoader(loader);
        }
        Thread.interrupted();
        return true;
    }

    /** Where threads keep their thread locals. */
    private record Locals(VarHandle own, VarHandle inherited, VarHandle table, VarHandle value) {

        static @Nullable Locals find() {
            try {
                Class<?> map = Class.forName("java.lang.ThreadLocal$ThreadLocalMap");
                Class<?> entry = Class.forName("java.lang.ThreadLocal$ThreadLocalMap$Entry");
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                MethodHandles.Lookup ofThreads = MethodHandles.privateLookupIn(Thread.class, lookup);
                return new Locals(
                        ofThreads.findVarHandle(Thread.class, "threadLocals", map),
                        ofThreads.findVarHandle(Thread.class, "inheritableThreadLocals", map),
                        MethodHandles.privateLookupIn(map, lookup).findVarHandle(map, "table", entry.arrayType()),
                        MethodHandles.privateLookupIn(entry, lookup).findVarHandle(entry, "value", Object.class));
            } catch (ReflectiveOperationException | IllegalArgumentException e) {
                return null; // another JDK than those that we know
            }
        }

        void forget(Thread thread) {
            Object map = own.get(thread);
            if (map != null && hasValues(map)) {
                own.set(thread, null);
            }
            if (inherited.get(thread) != null) {
                inherited.set(thread, null);
            }
        }

        /** Jetty sets one to null at the end of each request, and its map need not be made again for the next. */
        private boolean hasValues(Object map) {
            for (Object each : (Object[]) table.get(map)) {
                if (each != null && value.get(each) != null) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        endIdle();
    }

    private void endIdle() {
        for (Idle each = idle.getAndSet(null); each != null; each = each.next()) {
            each.worker().wake(() -> {}); // after which it finds that it is not wanted any more
        }
    }
}
