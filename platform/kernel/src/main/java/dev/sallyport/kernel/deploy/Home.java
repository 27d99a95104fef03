package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.config.GatewayConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folders of one gateway.
 *
 * @param plugins where jars are dropped
 * @param scripts where JavaScript is
 * @param data the gateway's own state
 */
public record Home(Path plugins, Path scripts, Path data) {

    /** The folders that the configuration names, made where they are not there. */
    public static Home of(GatewayConfig.Folders folders, Path installation) throws IOException {
        Path root = installation.toAbsolutePath().normalize();
        return new Home(
                Files.createDirectories(root.resolve(folders.plugins())),
                Files.createDirectories(root.resolve(folders.scripts())),
                Files.createDirectories(root.resolve(folders.data())));
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
