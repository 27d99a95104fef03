package dev.sallyport.distribution.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Another proxy as a process, in front of the scripted target; nginx and HAProxy as the resources of a suite have them. */
public final class OtherProxy implements AutoCloseable {

    private final Process process;
    private final Path folder;
    private final Suite.Peer peer;

    private OtherProxy(Process process, Path folder, Suite.Peer peer) {
        this.process = process;
        this.folder = folder;
        this.peer = peer;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param suite the folder of its configuration
     * @param name {@code nginx} or {@code haproxy}
     * @param program its file
     */
    public static OtherProxy start(String suite, String name, String program, int target) throws IOException {
        Path folder = Files.createTempDirectory(suite + "-" + name);
        Files.setPosixFilePermissions(
                folder, PosixFilePermissions.fromString("rwxr-xr-x")); // nginx' workers are nobody
        Suite.Peer peer = new Suite.Peer(name, free(), free(), false);
        try (InputStream template =
                Objects.requireNonNull(OtherProxy.class.getResourceAsStream("/" + suite + "/" + name + ".conf"))) {
            Files.writeString(
                    folder.resolve("conf"),
                    new String(template.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("@FOLDER@", folder.toString())
                            .replace("@HTTP1@", Integer.toString(peer.http1()))
                            .replace("@HTTP2@", Integer.toString(peer.http2()))
                            .replace("@TARGET@", Integer.toString(target)));
        }
        List<String> line = name.equals("nginx")
                ? List.of(program, "-p", folder.toString(), "-e", folder + "/error.log", "-c", folder + "/conf")
                : List.of(program, "-db", "-f", folder + "/conf");
        return await(name, line, folder, peer);
    }

    /**
     * Starts Spring Cloud Gateway and waits until it listens.
     *
     * @param classPath of {@code benchmarks/spring-cloud-gateway}
     */
    public static OtherProxy springCloudGateway(String classPath, int target) throws IOException {
        int port = free(); // it speaks both on one
        List<String> line = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-cp",
                classPath,
                "gateway.Gateway",
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--server.http2.enabled=true",
                "--spring.cloud.gateway.server.webflux.routes[0].id=all",
                "--spring.cloud.gateway.server.webflux.routes[0].uri=http://127.0.0.1:" + target,
                "--spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/**",
                "--spring.cloud.gateway.server.webflux.routes[0].filters[0]=PreserveHostHeader");
        String name = "spring-cloud-gateway";
        return await(name, line, Files.createTempDirectory(name), new Suite.Peer(name, port, port, false));
    }

    private static OtherProxy await(String name, List<String> line, Path folder, Suite.Peer peer) throws IOException {
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        OtherProxy proxy = new OtherProxy(process, folder, peer);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " has ended: " + Files.readString(folder.resolve("out")));
            }
            return listens(peer.http1()) && listens(peer.http2());
        });
        return proxy;
    }

    public Suite.Peer peer() {
        return peer;
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
