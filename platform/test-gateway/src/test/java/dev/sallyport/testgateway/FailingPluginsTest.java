package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.doctor.Kind;
import dev.sallyport.kernel.plugin.LoaderReport;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plugins that fail in each way that there is, dropped while another route serves: one sentence says which failed and why,
 * and the other route, over one kept connection, sees nothing of it.
 */
final class FailingPluginsTest {

    private static final String CONFIG = """
        routes:
          - {name: good, match: {paths: [/good]}, plugins: [{sample: {}}], upstream: "%1$s"}
          - {name: bad, match: {paths: [/bad]}, plugins: [{bad: {}}], upstream: "%1$s"}
          - {name: worse, match: {paths: [/worse]}, plugins: [{bad: {}}], upstream: "%1$s"}
        """;

    private static final String SOURCE = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;

        @Type("bad")
        public final class Factory implements FilterFactory<Factory.Config> {

            public record Config(@Doc("A text.") @Default("none") String text /*CONFIG*/) {}

            /*MEMBERS*/

            @Override
            public Filter create(Config config, FilterContext context) {
                /*CREATE*/
                return new Filter() {
                    @Override
                    public Response handle(Request request, Next next) throws Exception {
                        /*HANDLE*/
                        return next.proceed(request).withHeader("x-version", "VERSION");
                    }

                    @Override
                    public void close() {
                        /*CLOSE*/
                    }
                };
            }
        }
        """;

    @TempDir
    private Path folder;

    private TestUpstream upstream;
    private TestGateway gateway;
    private OtherRoute other;

    /** A change to a jar that is well otherwise. */
    private interface Damage {
        void to(Path jar) throws IOException;
    }

    /**
     * @param place where the code goes, or {@code ""}
     * @param told what the one sentence must hold
     */
    private record Failing(String name, String place, String code, Damage damage, String... told) {

        static Failing in(String place, String name, String code, String... told) {
            return new Failing(name, place, code, jar -> {}, told);
        }

        static Failing damaged(String name, Damage damage, String... told) {
            return new Failing(name, "", "", damage, told);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Path jar(String version, String place, String code) throws IOException {
        Path own = Files.createDirectories(folder.resolve(version));
        return SamplePlugin.of(
                own, "bad", version, SOURCE.replace("/*" + place + "*/", code).replace("VERSION", version));
    }

    @BeforeEach
    void start() throws IOException {
        upstream = TestUpstream.start();
        Path sample = SamplePlugin.in(Files.createDirectories(folder.resolve("sample")), "", "");
        gateway = TestGateway.with(sample).and(jar("1.0.0", "", "")).start(CONFIG.formatted(upstream.address()));
        other = new OtherRoute(gateway.address().resolve("/good"));
    }

    @AfterEach
    void stop() {
        other.close();
        gateway.close();
        upstream.close();
    }

    static Stream<Failing> beforeItServes() {
        return Stream.of(
                Failing.damaged("a file cut short", FailingPluginsTest::cut, "bad.jar", "is no readable zip file"),
                Failing.damaged(
                        "no index",
                        jar -> remove(jar, "META-INF/extensions.idx"),
                        "bad.jar",
                        "META-INF/extensions.idx"),
                Failing.damaged(
                        "a class that is missing",
                        jar -> remove(jar, "sample/Factory$1.class"),
                        "bad 1.1.0",
                        "NoClassDefFoundError: sample/Factory$1",
                        "its jar must hold every class that it needs"),
                Failing.in("CLOSE", "a call that is forbidden", "System.exit(3);", "bad.jar", "System.exit"),
                Failing.in(
                        "CONFIG",
                        "a setting that the configuration does not have",
                        ", @Doc(\"Missing.\") String wanted",
                        "bad 1.1.0",
                        "wanted"),
                Failing.in(
                        "MEMBERS",
                        "a constructor that fails",
                        "public Factory() { throw new IllegalStateException(\"no constructor today\"); }",
                        "bad 1.1.0",
                        "IllegalStateException: no constructor today",
                        "Factory.java:"),
                Failing.in(
                        "MEMBERS",
                        "a static initialiser that fails",
                        "static final int N = Integer.parseInt(\"no number\");",
                        "bad 1.1.0",
                        "NumberFormatException",
                        "no number"),
                Failing.in(
                        "CREATE",
                        "create that fails",
                        "if (true) throw new IllegalStateException(\"no filter today\");",
                        "bad 1.1.0",
                        "IllegalStateException: no filter today",
                        "Factory.java:"),
                Failing.in(
                        "CREATE", "create that returns null", "if (true) return null;", "bad 1.1.0", "returned null"),
                Failing.in(
                        "MEMBERS",
                        "create that recurses for ever",
                        "static int deep(int n) { return deep(n + 1) + 1; } final int depth = deep(0);",
                        "bad 1.1.0",
                        "StackOverflowError"));
    }

    @ParameterizedTest
    @MethodSource
    void beforeItServes(Failing failing) throws IOException {
        Path jar = jar("1.1.0", failing.place(), failing.code());
        failing.damage().to(jar);

        drop(jar);

        gateway.await(
                "one sentence with " + Arrays.toString(failing.told()),
                () -> gateway.degraded().stream()
                        .anyMatch(line -> Arrays.stream(failing.told()).allMatch(line::contains)));
        assertThat(gateway.get("/bad").headers().firstValue("x-version")).hasValue("1.0.0");
        assertThat(other.failures()).isEmpty();

        gateway.drop(jar("1.2.0", "", ""));

        assertThat(gateway.get("/bad").headers().firstValue("x-version")).hasValue("1.2.0");
        assertThat(gateway.degraded()).isEmpty();
        assertThat(other.failures()).isEmpty();
    }

    static Stream<Failing> whileItServes() {
        return Stream.of(
                Failing.in(
                        "HANDLE",
                        "handle that throws",
                        "if (true) throw new IllegalStateException(\"no answer today\");",
                        "route bad, step bad",
                        "IllegalStateException: no answer today"),
                Failing.in(
                        "HANDLE",
                        "handle that throws an error",
                        "if (true) throw new AssertionError(\"never\");",
                        "route bad, step bad",
                        "AssertionError: never"),
                Failing.in(
                        "HANDLE",
                        "handle that lacks a class",
                        "Class.forName(\"no.such.Thing\");",
                        "route bad, step bad",
                        "ClassNotFoundException: no.such.Thing"),
                Failing.in(
                        "HANDLE",
                        "handle that recurses for ever",
                        "handle(request, next);",
                        "route bad, step bad",
                        "StackOverflowError"),
                Failing.in(
                        "HANDLE", "handle that returns null", "if (true) return null;", "route bad, step bad", "null"),
                Failing.in(
                        "HANDLE",
                        "handle that calls next twice",
                        "next.proceed(request);",
                        "route bad, step bad",
                        "next was called again"));
    }

    @ParameterizedTest
    @MethodSource
    void whileItServes(Failing failing) throws IOException {
        gateway.drop(jar("1.1.0", failing.place(), failing.code()));

        HttpResponse<String> answer = send("/bad", "a body that cannot be replayed");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(answer.body()).doesNotContain("sample.Factory");
        gateway.await(
                "the log with " + Arrays.toString(failing.told()),
                () -> gateway.log().stream()
                        .anyMatch(line -> Arrays.stream(failing.told()).allMatch(line::contains)));

        gateway.drop(jar("1.2.0", "", ""));

        assertThat(send("/bad", "").statusCode()).isEqualTo(200);
        assertThat(other.failures()).isEmpty();
    }

    @Test
    void closeThatThrowsIsNamedAndKeepsNothing() throws IOException {
        gateway.drop(jar("1.1.0", "CLOSE", "throw new IllegalStateException(\"no end today\");"));
        gateway.drop(jar("1.2.0", "", ""));

        gateway.await(
                "the close to be named",
                () -> gateway.log().stream()
                        .anyMatch(line -> line.contains(
                                "bad 1.1.0: closing bad/bad/bad failed: IllegalStateException: no end today")));
        gateway.await("the loaders to be gone", () -> {
            System.gc();
            return gateway.loaders().plugins().stream()
                    .allMatch(plugin -> plugin.unreclaimed().isEmpty());
        });
        assertThat(send("/bad", "").statusCode()).isEqualTo(200);
        assertThat(other.failures()).isEmpty();
    }

    @Test
    void staticStateIsSharedByTheRoutesOfAVersionAndNotByVersions() throws IOException {
        String count = "if (true) return next.proceed(request).withHeader(\"x-count\","
                + " String.valueOf(System.identityHashCode(Factory.class)));";
        gateway.drop(jar("1.1.0", "HANDLE", count));
        String first = count("/bad");
        String ofOtherRoute = count("/worse");
        gateway.drop(jar("1.2.0", "HANDLE", count));

        assertThat(ofOtherRoute).isEqualTo(first);
        assertThat(count("/bad")).isNotEqualTo(first).isEqualTo(count("/worse"));
        assertThat(other.failures()).isEmpty();
    }

    /** Each way of leaving something has its test in the kernel; here all that is common, at once and under load. */
    @Test
    void whatIsLeftBehindIsTakenBackNamedAndCountedWhileOthersServe() throws IOException {
        String leaks = """
            Thread.ofPlatform().daemon().name("left").start(() -> {
                try { Thread.sleep(3_600_000); } catch (InterruptedException e) { return; }
            });
            java.util.concurrent.Executors.newScheduledThreadPool(1).schedule(
                    () -> {}, 1, java.util.concurrent.TimeUnit.HOURS);
            System.getProperties().put("left." + System.nanoTime(), new Factory());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}));
            """;
        int swaps = Boolean.getBoolean("sallyport.proof") ? 200 : 5;
        for (int i = 1; i <= swaps; i++) {
            gateway.drop(jar("1." + i + ".0", "CREATE", leaks));
            assertThat(gateway.get("/bad").statusCode()).isEqualTo(200);
        }
        gateway.drop(jar("1." + (swaps + 1) + ".0", "", ""));

        gateway.await("the loaders to be gone", () -> {
            System.gc();
            LoaderReport.Plugin bad = bad();
            return bad.retired() == swaps + 1 && bad.unreclaimed().isEmpty();
        });
        long steps = 2L * swaps; // of two routes
        assertThat(bad().counts())
                .containsOnly(
                        Map.entry(Kind.THREAD, steps),
                        Map.entry(Kind.EXECUTOR, steps),
                        Map.entry(Kind.SYSTEM_PROPERTY, steps),
                        Map.entry(Kind.SHUTDOWN_HOOK, steps));
        assertThat(gateway.log())
                .anyMatch(line -> line.contains("bad 1.1.0 left the thread 'left' of a lambda of sample.Factory:"
                        + " interrupted; the mend: end it in close()"));
        assertThat(gateway.metrics())
                .contains("sallyport_plugin_left_behind_total{kind=\"thread\",plugin=\"bad\"} " + steps)
                .contains("sallyport_plugin_loaders{plugin=\"bad\",state=\"leaked\"} 0")
                .contains("sallyport_plugin_loaders_retired_total{plugin=\"bad\"} " + (swaps + 1));
        assertThat(other.failures()).isEmpty();
    }

    private LoaderReport.Plugin bad() {
        return gateway.loaders().plugins().getFirst();
    }

    private String count(String path) {
        return gateway.get(path).headers().firstValue("x-count").orElseThrow();
    }

    private HttpResponse<String> send(String path, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** As {@link TestGateway#drop}, but nobody expects it to serve. */
    private void drop(Path jar) throws IOException {
        Path part = gateway.home().resolve("plugins/bad.jar.part");
        Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                part,
                gateway.home().resolve("plugins/bad.jar"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static void cut(Path jar) throws IOException {
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
    }

    private static void remove(Path jar, String entry) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.delete(zip.getPath(entry));
        }
    }

    /** Asks for another route, again and again. */
    private static final class OtherRoute implements AutoCloseable {

        private final HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final Thread thread;
        private volatile boolean ended;

        OtherRoute(URI address) {
            HttpRequest request = HttpRequest.newBuilder(address).build();
            thread = Thread.ofPlatform().start(() -> {
                while (!ended) {
                    try {
                        int status = client.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode();
                        if (status != 200) {
                            failures.add("answered " + status);
                        }
                        answers.incrementAndGet();
                    } catch (IOException | InterruptedException e) {
                        failures.add(e.toString());
                    }
                }
            });
        }

        Queue<String> failures() {
            assertThat(answers).hasPositiveValue();
            return failures;
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.close();
        }
    }
}
