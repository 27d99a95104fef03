package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The leak test is green for a plugin that leaves nothing, and red for each way of leaving something. */
final class PluginLeakTestTest {

    private static final String THREAD = "left by the sample plugin";

    @TempDir
    private static Path folder;

    private static Path clean;

    @BeforeAll
    static void build() throws IOException {
        clean = SamplePlugin.in(folder, "", "");
    }

    private static class Sample extends PluginLeakTest {

        private final Path jar;

        Sample(Path jar) {
            this.jar = jar;
        }

        @Override
        protected Path jar() {
            return jar;
        }

        @Override
        protected String config(TestUpstream upstream) {
            return SamplePlugin.route(upstream);
        }

        @Override
        protected void serve(TestGateway gateway, TestUpstream upstream) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Nested
    final class OfACleanPlugin extends Sample {
        OfACleanPlugin() {
            super(clean);
        }
    }

    private static void assertRed(Path jar, Path copies, String message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Sample(jar) {
                    @Override
                    Duration patience() {
                        return Duration.ofSeconds(2);
                    }
                }.leavesNothingBehindWhenItIsReplaced(copies))
                .withMessageContaining(message);
    }

    @Test
    void isRedWhereTheDoctorHadToTakeAnObjectBack(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(
                own,
                "System.getProperties().put(\"sample.\" + System.nanoTime(), (Runnable) () -> config.text());",
                "");

        assertRed(jar, copies, "left an object in the system property sample.");
    }

    @Test
    void isRedWhereTheDoctorHadToEndAThread(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(own, thread("java.util.concurrent.locks.LockSupport.park();"), "");

        assertRed(jar, copies, "left the thread '" + THREAD + "' of a lambda of sample.Factory: interrupted");
    }

    @Test
    void isRedWhereAThreadRunsOnWhateverIsDone(@TempDir Path own, @TempDir Path copies) throws IOException {
        Path jar = SamplePlugin.in(own, thread("""
            while (!Boolean.getBoolean("sample.end")) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                Thread.interrupted();
            }
            """), "");
        try {
            assertRed(jar, copies, "the thread ignores its interruption");
        } finally {
            System.setProperty("sample.end", "true");
        }
    }

    @Test
    void isRedAndShowsThePathWhereNobodyKnowsWhatKeepsAClass(@TempDir Path own, @TempDir Path copies)
            throws IOException {
        Path jar = SamplePlugin.in(own, """
            new java.util.concurrent.CompletableFuture<Object>()
                    .orTimeout(2, java.util.concurrent.TimeUnit.MINUTES)
                    .whenComplete((value, e) -> config.text());
            """, "");

        assertRed(jar, copies, "class loaders of replaced versions that something still refers to");
    }

    @Test
    void isRedWhereAThreadRunsOnThatRefersToNoClassOfThePlugin(@TempDir Path own, @TempDir Path copies)
            throws IOException {
        Path jar = SamplePlugin.in(own, "", """
            var pool = new java.util.concurrent.ThreadPoolExecutor(
                    1, 1, 10, java.util.concurrent.TimeUnit.SECONDS, new java.util.concurrent.LinkedBlockingQueue<>(),
                    Thread.ofPlatform().daemon().name("%s").factory());
            pool.allowCoreThreadTimeOut(true);
            pool.submit(() -> {}).get();
            """.formatted(THREAD));
        try {
            assertRed(jar, copies, "threads left");
        } finally {
            endThreads();
        }
    }

    private static String thread(String body) {
        return "Thread.ofPlatform().daemon().name(\"%s\").start(() -> {%s});".formatted(THREAD, body);
    }

    private static void endThreads() {
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        all.keySet().stream().filter(thread -> thread.getName().equals(THREAD)).forEach(Thread::interrupt);
    }
}
