package dev.sallyport.testservers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server as a process of its own, on a free port of loopback, that keeps nothing on disk: Debian's where it is
 * installed, else the one inside the jar {@code embedded-redis}. It can be killed, hung and started again on its port.
 *
 * {@snippet :
 * try (RedisServer redis = RedisServer.start()) {
 *     redis.kill();
 *     redis.restart();
 * }
 * }
 */
public final class RedisServer implements AutoCloseable {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** The bus of a cluster is at a port that is larger by this. */
    private static final int CLUSTER_BUS = 10_000;

    private final Path folder;
    private final int port;
    private final List<String> arguments;
    private Process process;

    private RedisServer(Path folder, int port, List<String> lines, boolean sentinel) {
        this.folder = folder;
        this.port = port;
        try {
            Files.write(folder.resolve("redis.conf"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        arguments = new ArrayList<>(
                List.of(binary().toString(), folder.resolve("redis.conf").toString()));
        if (sentinel) {
            arguments.add("--sentinel");
        }
        process = run();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
    }

    /**
     * Starts one.
     *
     * @param lines further lines of its configuration, such as {@code requirepass secret}
     */
    public static RedisServer start(String... lines) {
        int port = freePort();
        return new RedisServer(newFolder(), port, lines("port " + port, lines), false);
    }

    /**
     * Starts one that speaks TLS only, and asks clients for no certificate.
     *
     * @param certificate its certificate, PEM
     * @param key the key of that, PEM
     * @param lines further lines of its configuration
     */
    public static RedisServer startTls(Path certificate, Path key, String... lines) {
        int port = freePort();
        List<String> all = lines("port 0", lines);
        all.add("tls-port " + port);
        all.add("tls-cert-file " + certificate);
        all.add("tls-key-file " + key);
        all.add("tls-ca-cert-file " + certificate);
        all.add("tls-auth-clients no");
        return new RedisServer(newFolder(), port, all, false);
    }

    /**
     * Starts a sentinel that watches that master under the name {@code main} and decides alone.
     *
     * @param more further lines of its configuration, such as {@code requirepass secret}
     */
    public static RedisServer startSentinel(RedisServer master, String... more) {
        int port = freePort();
        Path folder = newFolder();
        List<String> lines = new ArrayList<>(List.of(
                "port " + port,
                "bind 127.0.0.1",
                "dir " + folder,
                "sentinel monitor main 127.0.0.1 " + master.port() + " 1",
                "sentinel down-after-milliseconds main 500",
                "sentinel failover-timeout main 2000"));
        lines.addAll(List.of(more));
        return new RedisServer(folder, port, lines, true);
    }

    /** Starts a cluster of that many masters, each with its part of the slots, and waits until all know that it is whole. */
    public static List<RedisServer> startCluster(int masters) {
        int slots = 16_384;
        List<RedisServer> all = new ArrayList<>();
        for (int i = 0; i < masters; i++) {
            all.add(start("cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-node-timeout 2000"));
        }
        for (int i = 0; i < masters; i++) {
            List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = slots * i / masters; slot < slots * (i + 1) / masters; slot++) {
                words.add(Integer.toString(slot));
            }
            all.get(i).command(words.toArray(String[]::new));
            if (i > 0) {
                all.get(i)
                        .command(
                                "CLUSTER",
                                "MEET",
                                "127.0.0.1",
                                Integer.toString(all.getFirst().port()));
            }
        }
        for (RedisServer server : all) {
            await("the cluster to be whole", () -> {
                String info = server.command("CLUSTER", "INFO");
                return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + masters);
            });
        }
        return all;
    }

    private static List<String> lines(String first, String... further) {
        List<String> lines = new ArrayList<>(List.of(first, "bind 127.0.0.1", "save \"\"", "appendonly no"));
        lines.addAll(List.of(further));
        return lines;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:PORT}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it as {@code kill -9} does; what it held is gone. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts it again on the same port, empty. */
    public void restart() {
        kill();
        process = run();
    }

    /** Stops it in its tracks ({@code SIGSTOP}): connections stay, and nothing answers. */
    public void hang() {
        signal("STOP");
    }

    /** Lets it go on ({@code SIGCONT}). */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " failed; is the server running?");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends one command over a connection of its own, in clear text, and returns the reply as it came on the wire. */
    public String command(String... words) {
        try (Socket socket = connect()) {
            StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                command.append('$')
                        .append(word.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
            return reply(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reply(InputStream in) throws IOException {
        String line = line(in);
        int length = line.startsWith("$") || line.startsWith("*") ? Integer.parseInt(line.substring(1)) : -1;
        if (line.startsWith("$") && length >= 0) {
            String text = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            in.readNBytes(2);
            return text;
        }
        StringBuilder all = new StringBuilder(line);
        for (int i = 0; i < length; i++) {
            all.append('\n').append(reply(in));
        }
        return all.toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server has closed the connection");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(LOOPBACK, port), 5_000);
        socket.setSoTimeout(5_000);
        return socket;
    }

    private Process run() {
        Process started;
        try {
            started = new ProcessBuilder(arguments)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("Redis to listen", () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("Redis has ended at once:\n" + read(log()));
            }
            try (Socket socket = connect()) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return started;
    }

    private File log() {
        return folder.resolve("redis.log").toFile();
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("waited for " + what + " in vain");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK)) {
                int free = socket.getLocalPort();
                if (free + CLUSTER_BUS <= 65_535) {
                    return free;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("sallyport-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and deletes its folder. */
    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path binary() {
        for (String folder : List.of("/usr/bin", "/usr/local/bin")) {
            Path installed = Path.of(folder, "redis-server");
            if (Files.isExecutable(installed)) {
                return installed;
            }
        }
        return Extracted.BINARY;
    }

    /** The binary out of the jar, unpacked once in a process. */
    private static final class Extracted {

        static final Path BINARY = extract();

        private static Path extract() {
            File jar = jar();
            if (jar == null) {
                throw new IllegalStateException(
                        "no Redis: neither redis-server is installed nor embedded-redis on the class path");
            }
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String system = os.contains("mac") ? "darwin" : "linux";
            String machine = System.getProperty("os.arch").contains("aarch64") ? "arm64" : "amd64";
            try (JarFile file = new JarFile(jar)) {
                JarEntry entry = file.stream()
                        .filter(each -> each.getName().startsWith("redis-server-")
                                && each.getName().endsWith(system + "-" + machine))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "no Redis: " + jar.getName() + " has none for " + system + " on " + machine));
                Path binary = Files.createTempFile("redis-server", "");
                binary.toFile().deleteOnExit();
                try (InputStream in = file.getInputStream(entry)) {
                    Files.copy(in, binary, StandardCopyOption.REPLACE_EXISTING);
                }
                if (!binary.toFile().setExecutable(true)) {
                    throw new IllegalStateException(binary + " cannot be made executable");
                }
                return binary;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static @Nullable File jar() {
            URL found = RedisServer.class.getClassLoader().getResource("redis/embedded/RedisServer.class");
            try {
                return found != null && found.openConnection() instanceof JarURLConnection inside
                        ? new File(inside.getJarFileURL().toURI())
                        : null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
