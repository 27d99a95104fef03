package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Maven project of a plugin, seen from outside: its sources, what is built of them, and how. For one thread at a time. */
final class DevProject implements AutoCloseable {

    private final Path root;
    private final boolean builds;
    private volatile @Nullable Process building;

    /** How a file looks without reading it. */
    record Look(Path file, FileTime modified, long size) {

        static Look of(Path file) throws IOException {
            return new Look(file, Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /** @param builds whether changed sources are built, and not only what somebody else has built is taken */
    DevProject(Path root, boolean builds) {
        this.root = root;
        this.builds = builds;
    }

    Path root() {
        return root;
    }

    boolean builds() {
        return builds;
    }

    /** What is to be watched. */
    Set<Path> watched() {
        Set<Path> all = new HashSet<>(List.of(root.resolve("src/main"), root.resolve("pom.xml"), classes()));
        Path jar = jar();
        if (jar != null) {
            all.add(jar);
        }
        return all;
    }

    Set<Look> sources() {
        Set<Look> all = look(root.resolve("src/main"));
        all.addAll(look(root.resolve("pom.xml")));
        return all;
    }

    Set<Look> compiled() {
        return look(classes());
    }

    private Path classes() {
        return root.resolve("target/classes");
    }

    /** The jar that was built last; null for none. */
    @Nullable
    Path jar() {
        Path target = root.resolve("target");
        if (!Files.isDirectory(target)) {
            return null;
        }
        try (Stream<Path> all = Files.list(target)) {
            return all.filter(file -> isPlugin(file.getFileName().toString()))
                    .max(Comparator.comparing(DevProject::modified))
                    .orElse(null);
        } catch (IOException | UncheckedIOException changing) {
            return null; // such as while it is being cleaned
        }
    }

    private static boolean isPlugin(String name) {
        return name.endsWith(".jar")
                && !name.startsWith("original-")
                && Stream.of("-sources.jar", "-javadoc.jar", "-tests.jar", "-shaded.jar")
                        .noneMatch(name::endsWith);
    }

    /** Whether a source is newer than that jar. */
    boolean isOlderThanSources(Path jar) {
        FileTime built = modified(jar);
        return sources().stream().anyMatch(look -> look.modified().compareTo(built) > 0);
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return FileTime.fromMillis(0);
        }
    }

    private static Set<Look> look(Path path) {
        Set<Look> all = new HashSet<>();
        if (Files.exists(path)) {
            try (Stream<Path> inside = Files.walk(path)) {
                for (Path file : (Iterable<Path>) inside::iterator) {
                    if (Files.isRegularFile(file)) {
                        all.add(Look.of(file));
                    }
                }
            } catch (IOException | UncheckedIOException changing) {
                // what is being written looks otherwise at the next look
            }
        }
        return all;
    }

    /**
     * Builds the jar, without tests and without what only a release needs; what Maven says goes where this process writes.
     *
     * @return whether it could
     */
    boolean build() throws IOException, InterruptedException {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        Path wrapper = root.resolve(windows ? "mvnw.cmd" : "mvnw");
        List<String> line = new ArrayList<>();
        line.add(Files.exists(wrapper) ? wrapper.toString() : windows ? "mvn.cmd" : "mvn");
        line.addAll(
                List.of("-q", "-B", "package", "-Dmaven.test.skip=true", "-Dcyclonedx.skip=true", "-Dexec.skip=true"));
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(root.toFile()).inheritIO();
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().putIfAbsent("JAVA_HOME", System.getProperty("java.home", ""));
        Process process = builder.start();
        building = process;
        try {
            process.getOutputStream().close();
            return process.waitFor() == 0;
        } finally {
            end(process);
            building = null;
        }
    }

    /** A copy of the jar with the compiled classes as they are now, for what an IDE has compiled. */
    Path packed(Path jar, Path copy) throws IOException {
        Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
        Path classes = classes();
        try (FileSystem zip = FileSystems.newFileSystem(copy);
                Stream<Path> all = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                Path entry =
                        zip.getPath("/" + classes.relativize(file).toString().replace('\\', '/'));
                Files.createDirectories(entry.resolveSibling(""));
                Files.copy(file, entry, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return copy;
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    /** Ends a build that is under way. */
    @Override
    public void close() {
        Process process = building;
        if (process != null) {
            end(process);
        }
    }
}
