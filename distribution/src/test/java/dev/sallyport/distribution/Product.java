package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The unpacked product, run as a process in a folder of its own on free ports.
 *
 * <pre>{@code
 * try (Product product = Product.with(Product.web("routes: …")).start()) {
 *     product.client().get("/hello");
 *     product.reconfigure(Product.web("routes: …"));
 * }
 * }</pre>
 */
final class Product implements AutoCloseable {

    private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");

    /** Where the build has unpacked it. */
    static final Path UNPACKED = Path.of(System.getProperty("sallyport.unpacked", "target/sallyport"))
            .toAbsolutePath()
            .normalize();

    /** For a shell, in whose place the launcher stands then. */
    private static final String RUN = "exec \"$0\" run";

    private static final Pattern ADDRESS = Pattern.compile("(?:listener (\\S+)|(admin|status)) +(https?://\\S+)");
    private static final Pattern SERVES = Pattern.compile("generation (\\d+) serves");
    private static final Duration STOP = Duration.ofSeconds(40);

    private final Path home;
    private final Process process;
    private final Output output;

    private Product(Path home, Process process) {
        this.home = home;
        this.process = process;
        this.output = Output.of(process);
    }

    /** A configuration with one listener, all addresses on free ports, and those further lines. */
    static String web(String rest) {
        return """
            version: 1
            listeners: [{name: web, address: "127.0.0.1:0"}]
            admin: {address: "127.0.0.1:0"}
            status: {address: "127.0.0.1:0"}
            """ + rest;
    }

    static Setup with(String config) {
        return new Setup(config);
    }

    /** What is decided before it starts. */
    static final class Setup {

        private final Path home;
        private final List<String> options = new ArrayList<>();
        private final Map<String, String> variables = new HashMap<>();
        private String heap = "160m";
        private String start = RUN;

        private Setup(String config) {
            home = Folders.temporary("product");
            try {
                Folders.copy(UNPACKED.resolve("bin"), home.resolve("bin"));
                Files.createSymbolicLink(home.resolve("lib"), UNPACKED.resolve("lib"));
                Folders.copy(UNPACKED.resolve("plugins"), home.resolve("plugins"));
                Files.createDirectories(home.resolve("scripts"));
                Files.createDirectories(home.resolve("conf"));
                Files.writeString(home.resolve("conf/gateway.yaml"), config);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The most heap, such as {@code 64m}. */
        Setup heap(String most) {
            heap = most;
            return this;
        }

        /** How many file descriptors it may have. */
        Setup files(int most) {
            start = "ulimit -n " + most + " && " + start;
            return this;
        }

        /** Further options for its JVM. */
        Setup jvm(String... more) {
            options.addAll(List.of(more));
            return this;
        }

        /** Further variables in its environment. */
        Setup environment(Map<String, String> more) {
            variables.putAll(more);
            return this;
        }

        /** A file below its folder. */
        Setup file(String name, String content) {
            try {
                Path file = home.resolve(name);
                Files.createDirectories(file.getParent());
                Files.writeString(file, content);
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A jar in its plugins folder. */
        Setup plugin(Path jar) {
            try {
                Files.copy(ownersAlone(jar), home.resolve("plugins").resolve(jar.getFileName()));
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whatever else is to be done in its folder. */
        Setup prepare(Consumer<Path> work) {
            work.accept(home);
            return this;
        }

        /** Starts it and waits until it serves. */
        Product start() {
            Product product = launch();
            product.output.await("ready in ");
            return product;
        }

        /** Starts it without waiting. */
        Product launch() {
            return Product.launch(home, start, heap, options, variables);
        }
    }

    /** Takes the right to write from group and others, as most do by their umask: code is loaded from it. */
    private static Path ownersAlone(Path path) throws IOException {
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
            if (rights.removeAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE))) {
                Files.setPosixFilePermissions(path, rights);
            }
        }
        return path;
    }

    private static Product launch(
            Path home, String start, String heap, List<String> options, Map<String, String> variables) {
        try {
            for (String folder : List.of("plugins", "scripts")) {
                try (Stream<Path> all = Files.walk(home.resolve(folder))) {
                    for (Path each : all.toList()) {
                        ownersAlone(each);
                    }
                }
            }
            ProcessBuilder builder = new ProcessBuilder(
                    "sh", "-c", start, home.resolve("bin/sallyport").toString());
            builder.directory(home.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment());
            builder.environment().putAll(variables);
            builder.environment().put("SALLYPORT_HEAP", heap);
            builder.environment().put("JAVA_OPTS", String.join(" ", options));
            return new Product(home, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a process of the product needs in its environment: the Java that runs these tests. */
    static Map<String, String> environment() {
        return Map.of("JAVA25_HOME", System.getProperty("java.home"));
    }

    /** The folder that it runs in. */
    Path home() {
        return home;
    }

    /** All that it has printed. */
    Output output() {
        return output;
    }

    /** The launcher's, which stands for the gateway. */
    Process process() {
        return process;
    }

    /** The gateway itself, once it runs. */
    ProcessHandle jvm() {
        return process.children().findFirst().orElseThrow(() -> new AssertionError("no JVM runs\n" + output));
    }

    /** The address of the listener {@code web}. */
    URI address() {
        return addresses().get("web");
    }

    URI adminAddress() {
        return addresses().get("admin");
    }

    URI statusAddress() {
        return addresses().get("status");
    }

    /** All addresses that it has told, by the listener's name, {@code admin} and {@code status}. */
    Map<String, URI> addresses() {
        Map<String, URI> addresses = new TreeMap<>();
        for (String line : output.lines()) {
            Matcher matcher = ADDRESS.matcher(line);
            if (matcher.find()) {
                addresses.put(
                        matcher.group(1) == null ? matcher.group(2) : matcher.group(1), URI.create(matcher.group(3)));
            }
        }
        return addresses;
    }

    /** A client of the listener {@code web}. */
    Client client() {
        return new Client(address());
    }

    /** A client of the admin API, with its token. */
    Client admin() {
        try {
            String token = Files.readString(home.resolve("data/admin.token")).strip();
            return new Client(adminAddress()).with("Authorization", "Bearer " + token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Client status() {
        return new Client(statusAddress());
    }

    /** Writes the configuration anew, in one move, and waits until it serves. */
    void reconfigure(String config) {
        change(() -> replace("conf/gateway.yaml", config));
    }

    /** Writes the configuration anew and waits until it is refused with lines that hold these texts. */
    void reconfigureInVain(String config, String... said) {
        int from = output.size();
        replace("conf/gateway.yaml", config);
        output.await("refused: ", from);
        for (String text : said) {
            output.await(text, from);
        }
    }

    /** Does something and waits until a newer generation serves. */
    void change(Runnable action) {
        int from = output.size();
        action.run();
        output.await(line -> SERVES.matcher(line).find(), "a new generation", from);
    }

    /** Writes a file below its folder in one move. */
    void replace(String name, String content) {
        try {
            Path part = Files.createTempFile(home, "part", null);
            Files.writeString(part, content);
            Files.move(part, home.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a jar into the plugins folder, as {@code cp} does. */
    void drop(Path jar) {
        drop(jar, jar.getFileName().toString());
    }

    void drop(Path jar, String name) {
        try {
            Files.copy(ownersAlone(jar), home.resolve("plugins").resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the jars of the plugins folder whose names begin so. */
    void remove(String prefix) {
        try (Stream<Path> jars = Files.list(home.resolve("plugins"))) {
            List<Path> found = jars.filter(jar -> jar.getFileName().toString().startsWith(prefix))
                    .toList();
            assertThat(found).as("jars " + prefix + "*").isNotEmpty();
            for (Path jar : found) {
                Files.delete(jar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal by the name that {@code kill} knows it by. */
    void signal(String name) {
        Command.run("kill", "-" + name, Long.toString(process.pid())).succeeds();
    }

    /** Asks it to end and waits for that; its exit status. */
    int stop() {
        process.destroy();
        return awaitExit();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.children().forEach(ProcessHandle::destroyForcibly);
        awaitExit();
    }

    /** Waits until it has ended by itself. */
    int awaitExit() {
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it still runs\n" + output);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts it again in the same folder; this one must have ended. */
    Product again() {
        assertThat(process.isAlive()).isFalse();
        Product product = launch(home, RUN, "160m", List.of(), Map.of());
        product.output.await("ready in ");
        return product;
    }

    /** Its resident memory in KiB; 0 where this system does not tell. */
    long residentKib() {
        Path status = Path.of("/proc/" + jvm().pid() + "/status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** What is in use of its heap after a full collection, in KiB: of all generations together. */
    long heapKib() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(jvm().pid());
        Command.run(jcmd, pid, "GC.run").succeeds();
        String told = Command.run(jcmd, pid, "GC.heap_info").succeeds().toString();
        List<Long> used = GENERATION
                .matcher(told)
                .results()
                .map(generation -> Long.parseLong(generation.group(1)))
                .toList();
        assertThat(used).as(told).hasSize(2);
        return used.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        Folders.delete(home);
    }
}
