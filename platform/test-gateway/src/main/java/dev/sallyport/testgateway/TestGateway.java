package dev.sallyport.testgateway;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.deploy.StartException;
import dev.sallyport.kernel.doctor.HeapPath;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.LoaderReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real gateway inside a test: the real kernel in a folder of its own, on free ports of loopback, with plugins loaded from
 * jars as in production. For the tests of plugins, which run after their jar is built. Several may run at once in one
 * process, whose own logging stays as it is.
 *
 * {@snippet :
 * try (TestUpstream upstream = TestUpstream.start();
 *         TestGateway gateway = TestGateway.with(TestGateway.builtJar())
 *                 .start("""
 *                         routes:
 *                           - {name: all, plugins: [{stamp: {}}], upstream: "%s"}
 *                         """.formatted(upstream.address()))) {
 *     assertThat(gateway.get("/").statusCode()).isEqualTo(200);
 *     assertThat(upstream.last().header("x-stamp")).hasValue("all");
 * }
 * }
 */
public final class TestGateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CONFIG = "gateway.yaml";

    private final Path home;
    private final Gateway gateway;
    private final CapturedLog log;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(task -> Thread.ofVirtual().start(task)) // the JDK's own pool may keep an idle thread for a minute
            .build();

    private TestGateway(Path home, Gateway gateway, CapturedLog log) {
        this.home = home;
        this.gateway = gateway;
        this.log = log;
    }

    /** What a gateway is to have before it starts. */
    public static final class Builder {

        private final List<Path> jars = new ArrayList<>();
        private final Map<String, String> files = new LinkedHashMap<>();

        private Builder() {}

        /** Drops a further jar. */
        public Builder and(Path jar) {
            jars.add(jar);
            return this;
        }

        /** Puts a file into the scripts folder. */
        public Builder script(String name, String content) {
            return file("scripts/" + name, content);
        }

        /** Puts a file into the gateway's folder, beside {@code gateway.yaml}. */
        public Builder file(String name, String content) {
            files.put(name, content);
            return this;
        }

        /**
         * Starts it.
         *
         * @param yaml {@code gateway.yaml} but for the address of status and, where it has no {@code admin}
         *     or {@code listeners}, those, which are added
         * @throws AssertionError where it refuses to start, saying why
         */
        public TestGateway start(String yaml) {
            CapturedLog log = CapturedLog.open();
            Path home = null;
            boolean started = false;
            try {
                home = Files.createTempDirectory("sallyport-test");
                Files.createDirectories(home.resolve("plugins"));
                for (Path jar : jars) {
                    Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
                }
                for (Map.Entry<String, String> entry : files.entrySet()) {
                    Path file = home.resolve(entry.getKey());
                    Files.createDirectories(file.resolveSibling(""));
                    Files.writeString(file, entry.getValue());
                }
                Files.writeString(home.resolve(CONFIG), whole(yaml));
                Gateway gateway = Gateway.start(home.resolve(CONFIG), home, GatewayLog.untouched());
                started = true;
                return new TestGateway(home, gateway, log);
            } catch (StartException e) {
                throw new AssertionError(e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                if (!started) {
                    log.close();
                    delete(home);
                }
            }
        }
    }

    private static String whole(String yaml) {
        boolean listens = yaml.startsWith("listeners:") || yaml.contains("\nlisteners:");
        boolean folders = yaml.startsWith("folders:") || yaml.contains("\nfolders:");
        // Jars and folders have the rights that whoever runs the test gives to new files.
        boolean admin = yaml.startsWith("admin:") || yaml.contains("\nadmin:");
        return (admin ? "" : "admin: {address: \"127.0.0.1:0\"}\n")
                + "status: {address: \"127.0.0.1:0\"}\n"
                + (folders ? "" : "folders: {writable: accepted}\n")
                + (listens ? "" : "listeners: [{name: web, address: \"127.0.0.1:0\"}]\n") + yaml;
    }

    /** A gateway with that plugin. */
    public static Builder with(Path jar) {
        return new Builder().and(jar);
    }

    /**
     * The jar that the module under test has built: the one that the property {@code sallyport.jar} names, as
     * {@code sallyport-plugin-parent} sets it, or else the only one in {@code target}.
     *
     * @throws IllegalStateException where there is none, or more than one
     */
    public static Path builtJar() {
        String named = System.getProperty("sallyport.jar");
        return named == null ? builtJar(Path.of("")) : Path.of(named);
    }

    /** The jar that another module has built, by its folder. */
    public static Path builtJar(Path module) {
        Path target = module.toAbsolutePath().resolve("target");
        try (Stream<Path> built = Files.list(target)) {
            List<Path> jars = built.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".jar") && !name.startsWith("original-") && !name.endsWith("-sources.jar");
                    })
                    .toList();
            if (jars.size() != 1) {
                throw new IllegalStateException(target + ": " + jars
                        + " (expected: one jar; these tests run after package, in the phase integration-test)");
            }
            return jars.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The base address of the listener; of one of them, where there are more. */
    public URI address() {
        return URI.create("http://" + gateway.addresses().values().iterator().next());
    }

    /** Host and port of the listener of that name. */
    public String address(String listener) {
        return String.valueOf(gateway.addresses().get(listener));
    }

    /** Where health and metrics are. */
    public URI statusAddress() {
        Address status = gateway.statusAddress();
        return URI.create("http://" + status);
    }

    /**
     * What would become of a request, as the admin API explains it.
     *
     * @param question JSON, as {@code POST /v1/explain} takes it
     * @return its answer: JSON, or a problem
     */
    public String explain(String question) {
        return admin("POST", "/v1/explain", question);
    }

    /** The state of its steps, as {@code GET /v1/steps} shows it: JSON. */
    public String steps() {
        return admin("GET", "/v1/steps", null);
    }

    /** What was recorded of the last requests, as {@code GET /v1/traces} shows it: JSON. */
    public String traces() {
        return admin("GET", "/v1/traces", null);
    }

    /**
     * Has a step do something, by the admin API.
     *
     * @param step its key: {@code <type>/<route>/<id>}
     * @param on the part of its state that is meant; null for all
     * @return JSON, or a problem
     */
    public String tell(String step, String command, @Nullable String on) {
        return admin(
                "POST",
                "/v1/steps/command?step=" + encoded(step) + "&command=" + encoded(command)
                        + (on == null ? "" : "&on=" + encoded(on)),
                null);
    }

    /**
     * Asks a step something, by the admin API.
     *
     * @param step its key: {@code <type>/<route>/<id>}
     * @param parameters the query's: {@code name=value&…}, encoded
     * @return JSON, or a problem
     */
    public String ask(String step, String query, String parameters) {
        return admin(
                "GET",
                "/v1/steps/query?step=" + encoded(step) + "&query=" + encoded(query)
                        + (parameters.isEmpty() ? "" : "&" + parameters),
                null);
    }

    /** Where the admin API is, and the pages of services. */
    public URI adminAddress() {
        return URI.create("http://" + gateway.adminAddress());
    }

    /** The token of the admin API that it has made, with the role admin. */
    public String adminToken() {
        try {
            return Files.readString(home.resolve("data/admin.token")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String admin(String method, String path, @Nullable String json) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(adminAddress().resolve(path)).header("authorization", "Bearer " + adminToken());
        if (json != null) {
            request.header("content-type", "application/json");
        }
        return send(request.method(
                                method,
                                json == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(json))
                        .build())
                .body();
    }

    /** What {@code /metrics} says. */
    public String metrics() {
        return send(HttpRequest.newBuilder(statusAddress().resolve("/metrics")).build())
                .body();
    }

    /** The gateway's folder: {@code gateway.yaml}, {@code plugins}, {@code scripts}, {@code data}. */
    public Path home() {
        return home;
    }

    /** What has been logged in this process since it started, a line each: level, logger, message. */
    public List<String> log() {
        return log.lines();
    }

    /** What does not work now, in a sentence each. */
    public List<String> degraded() {
        return gateway.degraded();
    }

    /** Which class loaders of plugins there are, which should be gone, and what unloaded plugins left behind. */
    public LoaderReport loaders() {
        return gateway.loaders();
    }

    /** What refers to each unloaded plugin that is still in memory, from a root to its class loader. */
    public List<HeapPath> heapPaths() throws IOException {
        return gateway.heapPaths();
    }

    /** Sends a GET and reads the answer as text; headers are names and values in turn. */
    public HttpResponse<String> get(String pathAndQuery, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address().resolve(pathAndQuery));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /**
     * Sends a request and reads the answer as text: by HTTP/1.1 unless the request says otherwise. Redirects are not
     * followed.
     */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes {@code gateway.yaml} anew, addresses added, and waits until it serves or is refused. */
    public ReloadResult configure(String yaml) {
        try {
            Path part = home.resolve(CONFIG + ".part");
            Files.writeString(part, whole(yaml));
            replace(part, home.resolve(CONFIG));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gateway.reload("the test changed the configuration");
    }

    /**
     * Drops a jar into the plugins folder, in the place of the one of its name, and waits until it serves. A step of the
     * configuration must use it.
     *
     * @throws AssertionError where it does not come to serve, with what the gateway says of it
     */
    public void drop(Path jar) {
        String id = PluginJar.id(jar);
        String version = PluginJar.version(jar);
        try {
            Path folder = home.resolve("plugins");
            Path part = folder.resolve(jar.getFileName() + ".part");
            Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
            replace(part, folder.resolve(jar.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await(
                id + " " + version + " to serve",
                () -> gateway.generation().artefacts().stream()
                        .anyMatch(artefact ->
                                artefact.id().equals(id) && artefact.version().equals(version)));
    }

    private static void replace(Path part, Path file) throws IOException {
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Waits until something holds.
     *
     * @param what in words, for the message
     * @throws AssertionError where it does not within half a minute, with the gateway's log
     */
    public void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("waited for " + what + " in vain; degraded: " + degraded() + "; log:\n"
                        + String.join("\n", log()));
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Stops it and deletes its folder. */
    @Override
    public void close() {
        client.close();
        gateway.close();
        log.close();
        delete(home);
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
