package dev.sallyport.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Keycloak, run as a process on a free port of the loopback with a database of its own. It can be stopped and
 * started again: port, realms and keys stay. For one thread, but for what only asks it.
 *
 * {@snippet :
 * try (Keycloak keycloak = Keycloak.start()) {
 *     KeycloakRealm realm = keycloak.create("""
 *             {"realm": "shop", "enabled": true, "clients": [{"clientId": "till", "secret": "s3cret",
 *               "serviceAccountsEnabled": true, "publicClient": false}]}""");
 *     String token = realm.clientToken("till", "s3cret");
 * }
 * }
 *
 * A token's {@code aud} names no client by itself: a realm whose tokens need one gives the client a protocol mapper
 * {@code oidc-audience-mapper} (see {@link KeycloakRealm#audienceMapper}), also for introspection, which is otherwise
 * {@code active: false}.
 */
public final class Keycloak implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path folder;
    private final Path data;
    private final int port;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Thread whenTheTestsDie = new Thread(this::kill);
    private volatile @Nullable Process process;

    private Keycloak(Path folder, Path data, int port) {
        this.folder = folder;
        this.data = data;
        this.port = port;
    }

    /**
     * Starts one, with no realm but its own, and waits until it answers.
     *
     * @throws IllegalStateException where the build has not unpacked it, or it does not start; says why
     */
    public static Keycloak start() {
        try {
            Path data = Files.createTempDirectory("keycloak");
            Keycloak keycloak = new Keycloak(KeycloakFolder.ready(), data, freePort());
            Runtime.getRuntime().addShutdownHook(keycloak.whenTheTestsDie);
            keycloak.startAgain();
            return keycloak;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keycloak tells nobody which port it took, so it is told one. */
    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Starts it after {@link #stop}, and waits until it answers. */
    public void startAgain() {
        ProcessBuilder builder = KeycloakFolder.command(
                        folder,
                        List.of(
                                "start",
                                "--optimized",
                                "--cache=local",
                                "--http-enabled=true",
                                "--http-host=127.0.0.1",
                                "--http-port=" + port,
                                "--hostname=" + address(),
                                "--db-url=jdbc:h2:file:" + data.resolve("keycloak") + ";NON_KEYWORDS=VALUE"))
                .redirectOutput(Redirect.appendTo(log().toFile()));
        builder.environment().put("KC_BOOTSTRAP_ADMIN_USERNAME", KeycloakRealm.ADMIN);
        builder.environment().put("KC_BOOTSTRAP_ADMIN_PASSWORD", KeycloakRealm.ADMIN);
        try {
            Process started = builder.start();
            process = started;
            awaitReady(started);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it as an operator would, and waits until it is gone. */
    public void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
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
     * Makes a realm.
     *
     * @param json its representation, as Keycloak exports and imports it, with users, clients and keys as it pleases
     */
    public KeycloakRealm create(String json) {
        KeycloakRealm master = realm("master");
        master.admin("POST", "", json);
        return realm(KeycloakRealm.parse(json).required("realm").asString());
    }

    /** A realm that is there. */
    public KeycloakRealm realm(String name) {
        return new KeycloakRealm(this, name);
    }

    /** Stops it and deletes what it wrote. */
    @Override
    public void close() {
        stop();
        client.close();
        Runtime.getRuntime().removeShutdownHook(whenTheTestsDie);
        try (Stream<Path> written = Files.walk(data)) {
            for (Path one : written.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request and reads the answer as text. */
    HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitReady(Process started) throws IOException {
        HttpRequest question = HttpRequest.newBuilder(address().resolve("/realms/master"))
                .timeout(Duration.ofSeconds(20))
                .build();
        long begun = System.nanoTime();
        while (!answers(question)) {
            if (!started.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                started.destroyForcibly();
                throw new IllegalStateException("Keycloak did not start:\n" + Files.readString(log()));
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

    private boolean answers(HttpRequest question) {
        try {
            return send(question).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path log() {
        return data.resolve("keycloak.log");
    }

    private void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
