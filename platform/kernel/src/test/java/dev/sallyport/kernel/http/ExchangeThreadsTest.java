package dev.sallyport.kernel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeThreadsTest {

    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    private final ExchangeThreads threads = new ExchangeThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void runsOneTaskAfterTheOtherOnOneThread() throws Exception {
        Thread first = run(Thread::currentThread);

        await().untilAsserted(() -> assertThat(run(Thread::currentThread)).isSameAs(first));
        assertThat(first.isVirtual()).isTrue();
    }

    @Test
    void runsTasksAtOnceOnThreadsOfTheirOwn() throws Exception {
        int count = 600; // more than wait for tasks afterwards
        CountDownLatch all = new CountDownLatch(count);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        List<FutureTask<Boolean>> tasks = IntStream.range(0, count)
                .mapToObj(i -> start(() -> {
                    all.countDown();
                    all.await();
                    return seen.add(Thread.currentThread());
                }))
                .toList();
        for (FutureTask<Boolean> task : tasks) {
            assertThat(task.get()).isTrue();
        }

        assertThat(seen).hasSize(count);
    }

    @Test
    void hidesFromATaskWhatTheOneBeforeHasSet() throws Exception {
        try (URLClassLoader plugin = new URLClassLoader(new URL[0])) {
            ClassLoader usual = run(() -> Thread.currentThread().getContextClassLoader());
            Map<Thread, String> marked = new ConcurrentHashMap<>();
            AtomicInteger again = new AtomicInteger();
            await().until(() -> {
                run(() -> {
                    Thread thread = Thread.currentThread();
                    if (marked.containsKey(thread)) {
                        again.incrementAndGet();
                    }
                    assertThat(LOCAL.get()).isNull();
                    assertThat(INHERITED.get()).isNull();
                    assertThat(thread.isInterrupted()).isFalse();
                    assertThat(thread.getContextClassLoader()).isSameAs(usual);

                    marked.put(thread, "marked");
                    LOCAL.set("secret");
                    INHERITED.set("secret");
                    thread.setContextClassLoader(plugin);
                    thread.interrupt();
                    return null;
                });
                return again.get() >= 10;
            });
        }
    }

    @Test
    void runsWhatComesAfterATaskThatFailed() throws Exception {
        threads.execute(() -> {
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
            throw new IllegalStateException("a task's own");
        });

        assertThat(run(() -> "done")).isEqualTo("done");
    }

    @Test
    void aLateInterruptNeitherWakesNorHarmsWhoWaitsForATask() throws Exception {
        Thread thread = run(Thread::currentThread);
        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();

        await().untilAsserted(() -> {
            assertThat(thread.getState()).isEqualTo(Thread.State.WAITING);
            assertThat(run(() -> Thread.currentThread().isInterrupted())).isFalse();
        });
    }

    @Test
    void closingEndsThoseThatWait() throws Exception {
        Thread thread = run(Thread::currentThread);
        await().until(() -> thread.getState() == Thread.State.WAITING);

        threads.close();

        thread.join();
        assertThat(run(() -> "still served")).isEqualTo("still served");
    }

    private <T> T run(Callable<T> task) throws Exception {
        return start(task).get();
    }

    private <T> FutureTask<T> start(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        threads.execute(future);
        return future;
    }
}
