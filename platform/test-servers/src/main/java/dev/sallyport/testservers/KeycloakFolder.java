package dev.sallyport.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keycloak's distribution, unpacked by the build and made ready to start fast, once for all that share it: whatever a
 * server writes goes elsewhere.
 */
final class KeycloakFolder {

    private static final int PATIENCE_MINUTES = 5;

    private KeycloakFolder() {}

    /** The folder; whoever comes first makes it ready, others wait, also in other processes. */
    static synchronized Path ready() {
        Path unpacked = unpacked();
        Path marker = unpacked.resolveSibling("ready");
        try (FileChannel channel = FileChannel.open(
                        unpacked.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(marker)) {
                augment(unpacked);
                Files.createFile(marker);
            }
            return unpacked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process of it. */
    static ProcessBuilder command(Path folder, List<String> arguments) {
        List<String> command = Stream.concat(
                        Stream.of(folder.resolve("bin/kc.sh").toString()), arguments.stream())
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KC_") || name.startsWith("QUARKUS_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // It serves a few requests and is started often: what the second compiler does would come too late.
        builder.environment().put("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m -XX:TieredStopAtLevel=1");
        return builder;
    }

    /** The augmentation is what takes Keycloak longest; with it done, a start takes half of the time. */
    private static void augment(Path folder) throws IOException {
        Path log = folder.resolveSibling("build.log");
        Process build = command(folder, List.of("build", "--db=dev-file"))
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        try {
            if (!build.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                build.destroyForcibly();
            }
            if (build.waitFor() != 0) {
                throw new IllegalStateException("Keycloak cannot be made ready:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            build.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path unpacked() {
        Path target = target().resolve("keycloak");
        try (Stream<Path> entries = Files.isDirectory(target) ? Files.list(target) : Stream.empty()) {
            return entries.filter(entry -> Files.exists(entry.resolve("bin/kc.sh")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("Keycloak is not in " + target
                            + " (expected: unpacked there by ./mvnw verify, which fetches it from Maven Central:"
                            + " org.keycloak:keycloak-quarkus-dist)"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The module's target folder: this class comes from {@code target/classes}, or a jar beside that. */
    private static Path target() {
        try {
            Path origin = Path.of(KeycloakFolder.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return origin.resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
