import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Builds a front end with nothing but a JDK: takes what its package-lock.json pins from the npm registry, checks the types with
 * the TypeScript compiler and bundles with esbuild, both native programs. Does nothing where nothing has changed since.
 *
 * <p>{@code java Web.java SOURCES OUTPUT WORK CACHE}: the folder with package-lock.json, where the site is written, where packages
 * are unpacked, where downloads are kept.
 */
public final class Web {

    /** What is compressed beside itself; the rest is small or compressed as it is. */
    private static final List<String> TEXTS = List.of(".js", ".css", ".html", ".svg");

    private final Path sources;
    private final Path output;
    private final Path work;
    private final Path cache;

    private Web(Path sources, Path output, Path work, Path cache) {
        this.sources = sources;
        this.output = output;
        this.work = work;
        this.cache = cache;
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            System.err.println("web: java Web.java SOURCES OUTPUT WORK CACHE");
            System.exit(2);
        }
        try {
            new Web(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3])).build();
        } catch (BuildException e) {
            System.err.println("web: " + e.getMessage());
            System.exit(1);
        }
    }

    private void build() throws Exception {
        Files.createDirectories(work);
        Path stamp = work.resolve("built");
        String now = fingerprint();
        if (Files.exists(stamp) && Files.readString(stamp).equals(now) && Files.exists(output.resolve("index.html"))) {
            return;
        }
        Files.deleteIfExists(stamp);
        Path modules = work.resolve("node_modules");
        List<Lock.Package> packages = Lock.read(sources.resolve("package-lock.json"));
        Packages store = new Packages(new Registry(sources), cache, modules);
        for (Lock.Package each : packages) {
            if (each.fits(Lock.os(), Lock.cpu())) {
                store.install(each);
            }
        }
        copy();
        run("types", program(modules, "@typescript/typescript-%s-%s", "lib/tsc"), "-p", ".");
        bundle(modules);
        Files.writeString(stamp, now);
    }

    private void copy() throws IOException {
        delete(work.resolve("src"));
        for (Path file : files()) {
            Path target = work.resolve(sources.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.write(target, Files.readAllBytes(file));
        }
    }

    private void bundle(Path modules) throws Exception {
        Path site = work.resolve("site");
        delete(site);
        String windows = Lock.os().equals("win32") ? "esbuild.exe" : "bin/esbuild";
        run(
                "bundle",
                program(modules, "@esbuild/%s-%s", windows),
                "src/main.tsx",
                "--bundle",
                "--minify",
                "--format=esm",
                "--target=es2022",
                "--jsx=automatic",
                "--jsx-import-source=preact",
                "--entry-names=assets/[name]-[hash]",
                "--outdir=" + site,
                "--log-level=warning");
        String html = Files.readString(sources.resolve("index.html"));
        try (Stream<Path> made = Files.list(site.resolve("assets"))) {
            for (Path file : made.toList()) {
                String name = file.getFileName().toString();
                // main-3FA9X2KQ.js stands where the page says main.js.
                html = html.replace(name.replaceFirst("-[A-Z0-9]{8}(?=\\.)", ""), "assets/" + name);
            }
        }
        Files.writeString(site.resolve("index.html"), html);
        Files.copy(sources.resolve("icon.svg"), site.resolve("icon.svg"));
        Files.writeString(
                site.resolve("licences.txt"),
                new Licences(modules).of(Lock.read(sources.resolve("package-lock.json"))));
        delete(output);
        for (Path file : walk(site)) {
            Path target = output.resolve(site.relativize(file).toString());
            Files.createDirectories(target.getParent());
            byte[] bytes = Files.readAllBytes(file);
            Files.write(target, bytes);
            if (TEXTS.stream().anyMatch(file.toString()::endsWith)) {
                compress(bytes, target.resolveSibling(target.getFileName() + ".gz"));
            }
        }
    }

    private static void compress(byte[] bytes, Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file)) {
            {
                def.setLevel(9);
            }
        }) {
            out.write(bytes);
        }
    }

    private static Path program(Path modules, String name, String file) throws BuildException {
        Path found = modules.resolve(String.format(Locale.ROOT, name, Lock.os(), Lock.cpu()))
                .resolve(file);
        Path exe = found.resolveSibling(found.getFileName() + ".exe");
        if (Files.exists(found)) {
            return found;
        }
        if (Files.exists(exe)) {
            return exe;
        }
        throw new BuildException("there is no " + found.getFileName() + " for " + Lock.os() + " on " + Lock.cpu()
                + " in package-lock.json (expected: one of the platforms that it lists)");
    }

    private void run(String what, Path program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(program.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        int status = new ProcessBuilder(command)
                .directory(work.toFile())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new BuildException(what + ": " + program.getFileName() + " ended with " + status);
        }
    }

    /** Of all that goes into the site, this program too. */
    private String fingerprint() throws Exception {
        Map<String, Path> inputs = new TreeMap<>();
        for (Path file : files()) {
            inputs.put(sources.relativize(file).toString(), file);
        }
        // Java tells a program that it runs from its source where that is.
        String self = System.getProperty("jdk.launcher.sourcefile");
        if (self != null) {
            for (Path file : walk(Path.of(self).toAbsolutePath().getParent())) {
                inputs.put("program/" + file.getFileName(), file);
            }
        }
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((Lock.os() + Lock.cpu() + output.toAbsolutePath()).getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, Path> input : inputs.entrySet()) {
            byte[] bytes = Files.readAllBytes(input.getValue());
            digest.update((input.getKey() + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private List<Path> files() throws IOException {
        return walk(sources).stream()
                .filter(file -> !sources.relativize(file).startsWith("node_modules"))
                .toList();
    }

    static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
