package dev.sallyport.testservers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real node of Elasticsearch, run as a process on a free port of the loopback with a folder of its own. It can be killed,
 * stopped and started again: port and indices stay. For one thread, but for what only asks it.
 *
 * <p>It is the bare server that Maven Central has (7.17): bulk, search, templates, aliases and rollover are there; data streams,
 * lifecycle policies, ingest processors and security, which are modules of the whole product, are not.
 *
 * {@snippet :
 * try (Elasticsearch elasticsearch = Elasticsearch.start()) {
 *     elasticsearch.request("POST", "/logs/_refresh", null);
 *     elasticsearch.kill();
 *     elasticsearch.startAgain();
 * }
 * }
 */
public final class Elasticsearch implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path home;
    private final int port;
    private final int transport;
    // Virtual threads, so that a test which looks for threads that were left does not find ours.
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Thread whenTheTestsDie = new Thread(this::kill);
    private volatile @Nullable Process process;

    private Elasticsearch(Path home, int port, int transport) {
        this.home = home;
        this.port = port;
        this.transport = transport;
    }

    /**
     * Starts one without any index, and waits until it answers.
     *
     * @throws IllegalStateException where the build has not prepared it, or it does not start; says why
     */
    public static Elasticsearch start() {
        try {
            Path home = Files.createTempDirectory("elasticsearch");
            Files.createDirectory(home.resolve("config"));
            Elasticsearch elasticsearch = new Elasticsearch(home, freePort(), freePort());
            Runtime.getRuntime().addShutdownHook(elasticsearch.whenTheTestsDie);
            elasticsearch.startAgain();
            return elasticsearch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts it after {@link #stop} or {@link #kill}, and waits until it answers. */
    public void startAgain() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // It is started often and serves little: what the second compiler does would come too late.
                "-XX:TieredStopAtLevel=1",
                "-Xms256m",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "dev.sallyport.testservers.elasticsearch.NodeProcess",
                home.toString(),
                Integer.toString(port),
                Integer.toString(transport));
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log().toFile()))
                    .start();
            process = started;
            awaitReady(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it as an operator would, and waits until it is gone. */
    public void stop() {
        end(Process::destroy);
    }

    /** Ends it as {@code kill -9} does; what it has acknowledged is still there after a start. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private interface Ending {
        void of(Process process);
    }

    private void end(Ending ending) {
        Process running = process;
        if (running == null) {
            return;
        }
        ending.of(running);
        try {
            if (!running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** Where it is: {@code http://127.0.0.1:…}. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Sends a request and returns the answer, whatever its status.
     *
     * @param body JSON; null for none
     */
    public HttpResponse<String> request(String method, String path, @Nullable String body) {
        HttpRequest request = HttpRequest.newBuilder(address().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("content-type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it and deletes what it wrote. */
    @Override
    public void close() {
        kill();
        client.close();
        threads.close();
        Runtime.getRuntime().removeShutdownHook(whenTheTestsDie);
        try (Stream<Path> written = Files.walk(home)) {
            for (Path one : written.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady(Process started) throws IOException {
        long begun = System.nanoTime();
        while (!ready()) {
            if (!started.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                started.destroyForcibly();
                throw new IllegalStateException("Elasticsearch did not start:\n" + Files.readString(log()));
            }
            try {
                started.waitFor(100, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                started.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** The shards of indices that are there are up only a moment after the port is. */
    private boolean ready() {
        try {
            return request("GET", "/_cluster/health?wait_for_status=yellow&timeout=30s", null)
                            .statusCode()
                    == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private Path log() {
        return home.resolve("node.log");
    }

    /** What the build has written of it, beside this class: its libraries, and its start among the tests of this module. */
    private static String classPath() {
        try {
            Path target = Path.of(Elasticsearch.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("");
            Path written = target.resolve("elasticsearch-class-path.txt");
            if (!Files.exists(written)) {
                throw new IllegalStateException("Elasticsearch is not in " + target
                        + " (expected: its class path, written there by ./mvnw verify, which fetches it from Maven"
                        + " Central: org.elasticsearch:elasticsearch)");
            }
            return target.resolve("test-classes")
                    + File.pathSeparator
                    + Files.readString(written).strip();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
