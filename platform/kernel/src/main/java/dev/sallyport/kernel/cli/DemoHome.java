package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The demo's own folder: a copy of {@code demo/} and of the plugins, deleted at the end. */
final class DemoHome implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("127\\.0\\.0\\.1:\\d+");
    private static final Pattern STEP_OF_A_SCRIPT = Pattern.compile("(?m)^ *- javascript: .*\\R");
    private static final int LAST_PORT = 65_535;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Map<String, String> moved = new LinkedHashMap<>();

    private DemoHome(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes it.
     *
     * @param backend the address that takes the place of the backend's in the sample configuration
     * @param scripts whether its steps that run scripts are in it, which are on lines of their own
     */
    static DemoHome make(Path installation, String backend, boolean scripts) throws IOException, CommandException {
        Path demo = installation.resolve("demo");
        if (!Files.isRegularFile(demo.resolve("gateway.yaml"))) {
            throw new CommandException(demo + ": no demo here (expected: gateway.yaml and tour.txt in it)");
        }
        DemoHome home =
                new DemoHome(Files.createTempDirectory("sallyport-demo-").toRealPath());
        copy(demo, home.folder);
        copy(installation.resolve("plugins"), home.folder.resolve("plugins"));
        home.move("127.0.0.1:9001", backend);
        Set<Integer> taken = new HashSet<>();
        for (int port : new int[] {8080, 9901, 9902}) {
            home.move("127.0.0.1:" + port, "127.0.0.1:" + free(port, taken));
        }
        Path config = home.config();
        String text = home.adapted(Files.readString(config));
        Files.writeString(
                config, scripts ? text : STEP_OF_A_SCRIPT.matcher(text).replaceAll(""));
        return home;
    }

    private void move(String from, String to) {
        moved.put(from, to);
    }

    /** A text of the demo with the addresses that are really used. */
    String adapted(String text) {
        return ADDRESS.matcher(text.replace("DEMO_HOME", folder.toString()))
                .replaceAll(match -> moved.getOrDefault(match.group(), match.group()));
    }

    Path folder() {
        return folder;
    }

    Path config() {
        return folder.resolve("gateway.yaml");
    }

    /** What is said before the demo serves. */
    String tour() throws IOException {
        return adapted(Files.readString(folder.resolve("tour.txt")));
    }

    /** The request that the demo sends itself: method and URL, then a header field a line. */
    List<String> firstRequest() throws IOException {
        return adapted(Files.readString(folder.resolve("first-request.txt")))
                .lines()
                .toList();
    }

    /** That request, to be sent. */
    HttpRequest request() throws IOException {
        List<String> lines = firstRequest();
        String[] start = lines.getFirst().split(" ", 2);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(start[1]))
                .method(start[0], HttpRequest.BodyPublishers.noBody())
                .timeout(PATIENCE);
        for (String field : lines.subList(1, lines.size())) {
            String[] parts = field.split(": ", 2);
            request.header(parts[0], parts[1]);
        }
        return request.build();
    }

    /** That port, or the next one on which nobody listens. */
    private static int free(int wanted, Set<Integer> taken) throws IOException, CommandException {
        for (int port = wanted; port <= LAST_PORT; port++) {
            if (!taken.contains(port) && isFree(port)) {
                taken.add(port);
                return port;
            }
        }
        throw new CommandException("no port from " + wanted + " on is free");
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (java.net.BindException inUse) {
            return false;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    OwnerOnly.createFolder(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
