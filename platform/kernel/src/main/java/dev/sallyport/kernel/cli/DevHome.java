package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of a gateway that serves a project: the installation's plugins, linked or copied, and no data yet. Deleted at
 * the end.
 */
final class DevHome implements AutoCloseable {

    private final Path folder;
    private final Path installation;
    private final Path project;

    private DevHome(Path folder, Path installation, Path project) {
        this.folder = folder;
        this.installation = installation;
        this.project = project;
    }

    /** Makes it. */
    static DevHome make(Path installation, Path project) throws IOException {
        DevHome home = new DevHome(Files.createTempDirectory("sallyport-dev-").toRealPath(), installation, project);
        boolean made = false;
        try {
            Path plugins = OwnerOnly.createFolder(home.plugins());
            for (Path jar : jars(installation.resolve("plugins"))) {
                linkOrCopy(jar, plugins.resolve(jar.getFileName()));
            }
            made = true;
            return home;
        } finally {
            if (!made) {
                home.close();
            }
        }
    }

    /** Linked where it can be, which takes no time and no space: a jar is never written in place. */
    private static void linkOrCopy(Path jar, Path to) throws IOException {
        if (OwnerOnly.refusal(jar) == null) {
            try {
                Files.createLink(to, jar.toRealPath());
                return;
            } catch (IOException | UnsupportedOperationException otherFileSystem) {
                // copied
            }
        }
        OwnerOnly.restrict(Files.copy(jar, to, StandardCopyOption.REPLACE_EXISTING));
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    Path folder() {
        return folder;
    }

    private Path plugins() {
        return folder.resolve("plugins");
    }

    /**
     * The folders in the place of those that the configuration names. Scripts are the project's where they are, else the
     * installation's; themselves, since a link to them would not be looked into for changes.
     */
    GatewayConfig.Folders folders(GatewayConfig.Folders named) {
        return new GatewayConfig.Folders(
                plugins().toString(), scripts(named.scripts()).toString(), named.data(), named.writable());
    }

    private Path scripts(String name) {
        return Stream.of(project, installation)
                .map(root -> root.resolve(name))
                .filter(Files::isDirectory)
                .findFirst()
                .map(DevHome::real)
                .orElse(folder.resolve(name));
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException gone) {
            return folder;
        }
    }

    /** Refuses a configuration that names folders elsewhere, which belong to another gateway. */
    void refuseOtherFolders(Path config) throws CommandException {
        GatewayConfig.Folders folders = new ConfigReader(config, folder, System::getenv).folders();
        for (Map.Entry<String, String> each : Map.of(
                        "plugins", folders.plugins(), "scripts", folders.scripts(), "data", folders.data())
                .entrySet()) {
            if (!folder.resolve(each.getValue()).normalize().startsWith(folder)) {
                throw new CommandException(config + ": folders." + each.getKey() + " is " + each.getValue()
                        + " (expected: below this run's own folder, which goes away with it); take the line out");
            }
        }
    }

    /** Puts the jar of a plugin into the plugins folder, in the place of any other of that plugin. */
    void drop(Path jar, String id) throws IOException {
        Path place = plugins().resolve(id + ".jar");
        if (!Files.exists(place)) {
            for (Path installed : jars(plugins())) {
                if (id.equals(id(installed))) {
                    Files.delete(installed);
                }
            }
        }
        Path part = plugins().resolve(id + ".jar.part");
        Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
        OwnerOnly.restrict(part);
        Files.move(part, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static @Nullable String id(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes().getValue("Plugin-Id");
        } catch (IOException noJar) {
            return null; // the gateway says so
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(folder + " cannot be deleted: " + e, e);
        }
    }
}
