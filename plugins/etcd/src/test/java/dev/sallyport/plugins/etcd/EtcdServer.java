package dev.sallyport.plugins.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real etcd of one member on loopback, where its program is on the path. */
final class EtcdServer implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(task ->
                    Thread.ofVirtual().start(task)) // the JDK's own pool keeps a thread, which would look like a leak
            .build();
    private final Path data;
    private final int port = freePort();
    private final int peers = freePort();
    private Process process;

    private EtcdServer(Path data) {
        this.data = data;
    }

    /** Starts one; skips the test where there is no etcd. */
    static EtcdServer start() throws IOException {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "etcd")));
        Assumptions.assumeTrue(there, "no etcd on the path (Debian: apt-get install etcd-server)");
        EtcdServer server = new EtcdServer(Files.createTempDirectory("sallyport-etcd"));
        server.run();
        return server;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    void run() throws IOException {
        String peer = "http://127.0.0.1:" + peers;
        process = new ProcessBuilder(
                        "etcd",
                        "--name=one",
                        "--data-dir=" + data,
                        "--listen-client-urls=" + address(),
                        "--advertise-client-urls=" + address(),
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=one=" + peer)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> call("/v3/kv/range", Map.of("key", base64("x"))).has("header"));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    void put(String key, String value, String... lease) throws IOException {
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("key", base64(key));
        pair.put("value", base64(value));
        if (lease.length > 0) {
            pair.put("lease", lease[0]);
        }
        call("/v3/kv/put", pair);
    }

    void delete(String key) throws IOException {
        call("/v3/kv/deleterange", Map.of("key", base64(key)));
    }

    JsonNode call(String path, Map<String, ?> body) throws IOException {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address().resolve(path))
                            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(response.body());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        client.close();
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
