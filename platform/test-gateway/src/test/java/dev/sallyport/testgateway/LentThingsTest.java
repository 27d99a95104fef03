package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway lends a step is taken back with it, so that there is nothing for the doctor to do. */
final class LentThingsTest {

    private static final String CONFIG = """
        routes:
          - {name: all, plugins: [{sample: {text: "%s"}}], upstream: "%s"}
        """;

    private static final String CREATE = """
        context.threads().submit(() -> {
            try { new java.util.concurrent.CountDownLatch(1).await(); }
            catch (InterruptedException e) { context.logger().log(System.Logger.Level.INFO, "thread ended"); }
        });
        context.scheduler().scheduleAtFixedRate(() -> {}, 0, 1, java.util.concurrent.TimeUnit.HOURS);
        context.onClose(() -> context.logger().log(System.Logger.Level.INFO, "first closed"));
        context.onClose(() -> { throw new IllegalStateException("will not close"); });
        context.onClose(() -> context.logger().log(System.Logger.Level.INFO, "third closed"));
        if (config.text().equals("no")) throw new IllegalStateException("not with " + config.text());
        """;

    @Test
    void threadsAreInterruptedAndResourcesClosedLastOneFirst(@TempDir Path folder) throws IOException {
        Path jar = SamplePlugin.in(folder, CREATE, "");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(CONFIG.formatted("one", upstream.address()))) {

            gateway.drop(PluginJar.withVersion(
                    jar,
                    "1.0.1",
                    Files.createDirectories(folder.resolve("copy")).resolve("sample.jar")));

            gateway.await("the first to be closed", () -> has(gateway, "first closed"));
            gateway.await("the thread to end", () -> has(gateway, "thread ended"));
            List<String> log = gateway.log();
            assertThat(log.indexOf("INFO sample: third closed")).isLessThan(log.indexOf("INFO sample: first closed"));
            assertThat(log)
                    .anyMatch(line -> line.contains("closing what sample/all/sample gave to onClose failed:"
                            + " IllegalStateException: will not close"));
            gateway.await("the loader to be gone", () -> {
                System.gc();
                return gateway.loaders().plugins().getFirst().retired() == 1
                        && gateway.loaders().plugins().getFirst().unreclaimed().isEmpty();
            });
            assertThat(gateway.loaders().plugins().getFirst().findings()).isEmpty();
        }
    }

    @Test
    void resourcesOfAStepThatWasNotMadeAreClosedToo(@TempDir Path folder) throws IOException {
        Path jar = SamplePlugin.in(folder, CREATE, "");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(CONFIG.formatted("one", upstream.address()))) {

            boolean applied = gateway.configure(CONFIG.formatted("no", upstream.address()))
                    .applied();

            assertThat(applied).isFalse();
            gateway.await("the first to be closed", () -> has(gateway, "first closed"));
            gateway.await("the thread to end", () -> has(gateway, "thread ended"));
        }
    }

    /** The thread is asked to end by a file, since it heeds nothing else. */
    @Test
    void whatIsNotGivenBackAndKeepsThePluginIsToldWhereHealthIsAsked(@TempDir Path folder) throws IOException {
        Path end = folder.resolve("end");
        Path jar = SamplePlugin.in(folder, """
            Thread.ofPlatform().daemon().start(() -> {
                while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                    Thread.interrupted();
                }
            });
            """.formatted(end), "");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = TestGateway.with(jar).start(CONFIG.formatted("one", upstream.address()))) {
            gateway.drop(PluginJar.withVersion(
                    jar,
                    "1.0.1",
                    Files.createDirectories(folder.resolve("copy")).resolve("sample.jar")));

            gateway.await("the leak to be told", () -> {
                System.gc();
                return gateway.degraded().stream()
                        .anyMatch(line -> line.startsWith("plugin sample: 1 unloaded versions are still in memory"));
            });
        } finally {
            Files.createFile(end);
        }
    }

    private static boolean has(TestGateway gateway, String message) {
        return gateway.log().contains("INFO sample: " + message);
    }
}
