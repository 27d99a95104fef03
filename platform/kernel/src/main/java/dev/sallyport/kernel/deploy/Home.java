package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * The folders of one gateway.
 *
 * @param plugins where jars are dropped
 * @param scripts where JavaScript is
 * @param data the gateway's own state
 * @param writable whether it is accepted that others than their owner can write plugins and scripts
 */
public record Home(Path plugins, Path scripts, Path data, boolean writable) {

    /** The folders that the configuration names, made where they are not there, and {@linkplain #check checked}. */
    public static Home of(GatewayConfig.Folders folders, Path installation) throws IOException {
        Path root = installation.toAbsolutePath().normalize();
        Home home = new Home(
                OwnerOnly.createFolder(root.resolve(folders.plugins())),
                OwnerOnly.createFolder(root.resolve(folders.scripts())),
                OwnerOnly.createFolder(root.resolve(folders.data())),
                folders.writable() == GatewayConfig.Writable.ACCEPTED);
        home.check();
        return home;
    }

    /**
     * Makes sure that nobody but their owner can write the plugins folder, and the scripts.
     *
     * @throws IOException naming the first that others can write, and the mend
     */
    void check() throws IOException {
        if (writable) {
            return;
        }
        refuse(plugins);
        try (Stream<Path> all = Files.walk(scripts)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                refuse(each);
            }
        } catch (UncheckedIOException changing) {
            throw changing.getCause();
        }
    }

    private static void refuse(Path path) throws IOException {
        String refusal = OwnerOnly.refusal(path);
        if (refusal != null) {
            throw new IOException(path + " " + refusal);
        }
    }

    /**
     * Makes sure that no other gateway uses the data folder.
     *
     * @throws IOException where one does
     */
    public FileLock lock() throws IOException {
        FileChannel channel =
                FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // the same answer
        }
        channel.close();
        throw new IOException(data + ": another gateway uses this data folder (expected: one each); set folders.data");
    }
}
