package dev.sallyport.testgateway;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.ReloadResult;
import dev.sallyport.kernel.StartException;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.log.GatewayLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real gateway inside a test: the real kernel in a folder of its own, on free ports of loopback, with plugins loaded from
 * jars as in production. For the tests of plugins, which run after their jar is built.
 *
 * {@snippet :
 * try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
 *         .start("""
 *                 routes:
 *                   - {name: all, plugins: [{stamp: {}}, {respond: {body: hello}}]}
 *                 """)) {
 *     assertThat(gateway.get("/").headers().firstValue("x-stamp")).hasValue("all");
 * }
 * }
 */
public final class TestGateway implements AutoCloseable {

    private final Path home;
    private final Gateway gateway;
    private final HttpClient client = HttpClient.newHttpClient();

    private TestGateway(Path home, Gateway gateway) {
        this.home = home;
        this.gateway = gateway;
    }

    /** What a gateway is to have before it starts. */
    public static final class Builder {

        private final List<Path> jars = new ArrayList<>();
        private final Map<String, String> scripts = new LinkedHashMap<>();

        private Builder() {}

        /** Drops a further jar. */
        public Builder and(Path jar) {
            jars.add(jar);
            return this;
        }

        /** Puts a file into the scripts folder. */
        public Builder script(String name, String content) {
            scripts.put(name, content);
            return this;
        }

        /**
         * Starts it.
         *
         * @param yaml {@code gateway.yaml} but for listeners and addresses, which are added
         * @throws AssertionError where it refuses to start, saying why
         */
        public TestGateway start(String yaml) {
            Path home = null;
            try {
                home = Files.createTempDirectory("sallyport-test");
                Files.createDirectories(home.resolve("plugins"));
                for (Path jar : jars) {
                    Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
                }
                for (Map.Entry<String, String> script : scripts.entrySet()) {
                    Path file = home.resolve("scripts").resolve(script.getKey());
                    Files.createDirectories(file.getParent());
                    Files.writeString(file, script.getValue());
                }
                Files.writeString(home.resolve("gateway.yaml"), ADDRESSES + yaml);
                return new TestGateway(home, Gateway.start(home.resolve("gateway.yaml"), home, new GatewayLog()));
            } catch (StartException e) {
                delete(home);
                throw new AssertionError(e.getMessage(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final String ADDRESSES = """
        listeners: [{name: web, address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        status: {address: "127.0.0.1:0"}
        """;

    /** A gateway with that plugin. */
    public static Builder with(Path jar) {
        return new Builder().and(jar);
    }

    /**
     * The jar that the module under test has built.
     *
     * @throws IllegalStateException where there is none, or more than one
     */
    public static Path builtJar() {
        return builtJar(Path.of("."));
    }

    /** The jar that another module has built, by its folder. */
    public static Path builtJar(Path module) {
        try (Stream<Path> built = Files.list(module.resolve("target"))) {
            List<Path> jars = built.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".jar") && !name.startsWith("original-") && !name.endsWith("-sources.jar");
                    })
                    .toList();
            if (jars.size() != 1) {
                throw new IllegalStateException(module.resolve("target") + ": " + jars
                        + " (expected: one jar; these tests run after package, in the phase integration-test)");
            }
            return jars.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The base address of the listener. */
    public URI address() {
        return URI.create("http://" + gateway.addresses().get("web"));
    }

    /** Where health and metrics are. */
    public URI statusAddress() {
        Address status = gateway.statusAddress();
        return URI.create("http://" + status);
    }

    /** The gateway's folder: {@code gateway.yaml}, {@code plugins}, {@code scripts}, {@code data}. */
    public Path home() {
        return home;
    }

    /** Sends a GET and reads the answer as text. */
    public HttpResponse<String> get(String pathAndQuery, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address().resolve(pathAndQuery));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** Sends a request and reads the answer as text. */
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
            Path part = home.resolve("gateway.yaml.part");
            Files.writeString(part, ADDRESSES + yaml);
            Files.move(
                    part,
                    home.resolve("gateway.yaml"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gateway.reload("the test changed the configuration");
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
        delete(home);
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
