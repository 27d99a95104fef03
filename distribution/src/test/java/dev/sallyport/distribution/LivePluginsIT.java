package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Jars are dropped, replaced and removed while the gateway serves. */
final class LivePluginsIT {

    private static final String STAMP = "return next.proceed(request).withHeader(\"x-stamp\", \"%s\");";

    private static Product product;

    @BeforeAll
    static void start() {
        product = Product.with(Product.web("""
            routes:
              - name: plain
                match: {paths: [/plain]}
                plugins: [{respond: {body: plain}}]
              - name: stamped
                match: {paths: [/stamped]}
                plugins: [{test/stamp: {}}, {respond: {body: stamped}}]
              - name: pinned
                match: {paths: [/pinned]}
                plugins: [{test/stamp: {}, version: 1.0.0}, {respond: {body: pinned}}]
              - name: leaving
                match: {paths: [/leaving]}
                plugins: [{test/leaving: {}}, {respond: {body: still here}}]
            """))
                .plugin(PluginJars.step("test/stamp", "1.0.0", STAMP.formatted("1.0.0")))
                .plugin(PluginJars.step("test/leaving", "1.0.0", STAMP.formatted("leaving")))
                .start();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    private static String stamp(String path) {
        return product.client().get(path).headers().firstValue("x-stamp").orElse("none");
    }

    /** Keeps asking; what is counted are answers other than 200. */
    private static final class Load implements AutoCloseable {

        private final AtomicBoolean going = new AtomicBoolean(true);
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<? extends Future<?>> runs;

        Load(String path) {
            Client client = product.client();
            runs = IntStream.range(0, 4)
                    .mapToObj(i -> threads.submit(() -> {
                        while (going.get()) {
                            asked.incrementAndGet();
                            if (client.status(path) != 200) {
                                failed.incrementAndGet();
                            }
                        }
                    }))
                    .toList();
        }

        @Override
        public void close() {
            going.set(false);
            threads.close();
            assertThat(runs).allMatch(run -> run.state() == Future.State.SUCCESS);
        }
    }

    @Test
    void aNewerVersionIsTakenUnderLoadWithoutAFailedRequestAndAPinnedStepKeepsTheOld() {
        Load load = new Load("/stamped");
        try (load) {
            for (String version : List.of("1.1.0", "1.2.0", "1.3.0")) {
                Path jar = PluginJars.step("test/stamp", version, STAMP.formatted(version));
                product.drop(jar);
                // Not the next generation: that may be one of a jar that another test has dropped.
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> stamp("/stamped").equals(version));
            }
            assertThat(stamp("/pinned")).isEqualTo("1.0.0");
        }
        assertThat(load.failed).hasValue(0);
        assertThat(load.asked).hasPositiveValue();
    }

    @Test
    void aNewMajorVersionWaitsUntilItIsAskedFor() {
        int from = product.output().size();
        product.drop(PluginJars.step("test/stamp", "2.0.0", STAMP.formatted("2.0.0")));
        product.output().await("2.0.0", from);

        assertThat(stamp("/stamped")).startsWith("1.");
    }

    @Test
    void aRemovedJarServesOnForAWhileThenOnlyItsRoutesAnswer503() {
        int from = product.output().size();
        product.remove("test-leaving");
        product.output().await("test-leaving 1.0.0 has left the plugins folder", from);
        assertThat(product.client().status("/leaving")).isEqualTo(200);

        product.output().await("test-leaving 1.0.0 is gone", from);
        await().atMost(Duration.ofSeconds(30)).until(() -> product.client().status("/leaving") == 503);

        assertThat(product.client().get("/leaving").body()).contains("urn:sallyport:problem:plugin-missing");
        assertThat(product.client().status("/leaving")).isEqualTo(503);
        assertThat(product.client().status("/plain")).isEqualTo(200);
        assertThat(product.status().get("/readyz").statusCode()).isEqualTo(200);
        assertThat(product.status().get("/readyz").body()).contains("test/leaving");
    }

    @Test
    void aFileThatIsNoPluginIsNamedAndLeftAlone() throws IOException {
        Path folder = Folders.temporary("bad");
        Path text = Files.writeString(folder.resolve("text.jar"), "this is no zip file");
        Path jar = PluginJars.jar(
                folder.resolve("library.jar"), Files.createDirectories(folder.resolve("empty")), Map.of());

        refusedAs(jar, "library.jar is not a Sallyport plugin");
        refusedAs(text, "text.jar is no readable zip file");
    }

    @Test
    void aJarThatMayNotBeReadIsNamedAndTakenOnceItMay() throws IOException {
        Path jar = PluginJars.step("test/locked", "1.0.0", STAMP.formatted("locked"));
        Files.setPosixFilePermissions(jar, Set.of());
        assumeThat(Files.isReadable(jar))
                .as("this user reads every file, whatever its rights: what becomes of others is not shown")
                .isFalse();
        int from = product.output().size();

        Path dropped = Files.move(jar, product.home().resolve("plugins/locked.jar"));

        product.output().await("locked.jar cannot be taken", from);
        assertThat(product.client().status("/plain")).isEqualTo(200);
        from = product.output().size();
        Files.setPosixFilePermissions(dropped, Set.of(PosixFilePermission.OWNER_READ));
        product.output().await("test-locked 1.0.0 is here", from);
    }

    @Test
    void aHalfWrittenJarIsNotLoadedUntilItIsWhole() throws IOException {
        Path whole = PluginJars.step("test/half", "1.0.0", STAMP.formatted("half"));
        byte[] bytes = Files.readAllBytes(whole);
        Path part = whole.resolveSibling("half.jar");
        Files.write(part, Arrays.copyOf(bytes, bytes.length / 2));

        refusedAs(part, "half.jar is no readable zip file");

        int from = product.output().size();
        product.drop(whole, "half.jar");
        product.output().await("test-half 1.0.0 is here", from);
    }

    @Test
    void twoJarsOfOneVersionWithDifferentBytesAreNamed() {
        Path one = PluginJars.step("test/twin", "1.0.0", STAMP.formatted("one"));
        Path other = PluginJars.step("test/twin", "1.0.0", STAMP.formatted("other"));
        int from = product.output().size();
        product.drop(one, "twin-a.jar");
        product.output().await("test-twin 1.0.0 is here", from);

        from = product.output().size();
        product.drop(other, "twin-b.jar");

        String said = product.output().await(line -> line.contains("twin-b.jar"), "twin-b.jar", from);
        assertThat(said).contains("1.0.0");
        assertThat(product.client().status("/plain")).isEqualTo(200);
    }

    @Test
    void aPluginThatAsksForANewerApiIsRefused() {
        refusedAs(
                PluginJars.step("test/future", "1.0.0", ">=9.0.0", STAMP.formatted("future")),
                "requires the plugin API >=9.0.0");
    }

    @Test
    void aPluginThatWouldEndTheProcessIsRefused() {
        refusedAs(PluginJars.step("test/exit", "1.0.0", "System.exit(1); return null;"), "test-exit-1.0.0.jar");
        assertThat(product.process().isAlive()).isTrue();
    }

    private static void refusedAs(Path jar, String message) {
        int from = product.output().size();
        product.drop(jar);
        product.output().await(message, from);
        assertThat(product.client().status("/plain")).isEqualTo(200);
    }

    @Test
    void aStepThatThrowsHarmsOnlyItsRoute() {
        try (Product other = Product.with(Product.web("""
            routes:
              - {name: bad, match: {paths: [/bad]}, plugins: [{test/bad: {}}, {respond: {body: x}}]}
              - {name: deep, match: {paths: [/deep]}, plugins: [{test/deep: {}}, {respond: {body: x}}]}
              - {name: nothing, match: {paths: [/nothing]}, plugins: [{test/nothing: {}}, {respond: {body: x}}]}
              - {name: good, match: {paths: [/good]}, plugins: [{respond: {body: x}}]}
            """))
                .plugin(PluginJars.step("test/bad", "1.0.0", "throw new IllegalStateException(\"internal detail\");"))
                .plugin(PluginJars.step("test/deep", "1.0.0", "return create(config, context).handle(request, next);"))
                .plugin(PluginJars.step("test/nothing", "1.0.0", "return null;"))
                .start()) {
            assertThat(other.client().status("/bad")).isEqualTo(500);
            assertThat(other.client().get("/bad").body()).contains("errorId").doesNotContain("internal detail");
            assertThat(other.client().status("/deep")).isEqualTo(500);
            assertThat(other.client().status("/nothing")).isEqualTo(500);
            assertThat(other.client().status("/good")).isEqualTo(200);
            assertThat(other.output().toString()).contains("route bad").contains("internal detail");
        }
    }
}
