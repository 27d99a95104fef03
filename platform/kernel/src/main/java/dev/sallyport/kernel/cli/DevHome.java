package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The folders of a gateway that serves a project: the installation's plugins, copied, and no data yet. Deleted at the end. */
final class DevHome implements AutoCloseable {

    private final Path folder;

    private DevHome(Path folder) {
        this.folder = folder;
    }

    /** Makes it; scripts are the project's, where it has a folder of that name, else the installation's. */
    static DevHome make(Path installation, Path project) throws IOException {
        DevHome home = new DevHome(Files.createTempDirectory("sallyport-dev-").toRealPath());
        boolean made = false;
        try {
            Path plugins = OwnerOnly.createFolder(home.folder.resolve("plugins"));
            for (Path jar : jars(installation.resolve("plugins"))) {
                Path copy = Files.copy(jar, plugins.resolve(jar.getFileName()));
                OwnerOnly.restrict(copy);
            }
            Path own = project.resolve("scripts");
            Path scripts = Files.isDirectory(own) ? own : installation.resolve("scripts");
            if (Files.isDirectory(scripts)) {
                Files.createSymbolicLink(home.folder.resolve("scripts"), scripts);
            }
            made = true;
            return home;
        } finally {
            if (!made) {
                home.close();
            }
        }
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

    /** Puts a jar into the plugins folder, in the place of the one of that name. */
    void drop(Path jar, String name) throws IOException {
        Path plugins = folder.resolve("plugins");
        Path part = plugins.resolve(name + ".part");
        Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
        OwnerOnly.restrict(part);
        Files.move(part, plugins.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
