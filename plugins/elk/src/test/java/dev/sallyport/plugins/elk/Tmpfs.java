package dev.sallyport.plugins.elk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of a few megabytes, so that it can be full. */
final class Tmpfs implements AutoCloseable {

    private final Path folder;

    private Tmpfs(Path folder) {
        this.folder = folder;
    }

    /** Mounts one; a test that needs it is skipped, and says so, where the user may not mount. */
    static Tmpfs mount(String size) {
        try {
            Path folder = Files.createTempDirectory("elk-disk");
            int result = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
            Assumptions.assumeTrue(result == 0, "needs a disk that can be full: only root may mount one");
            return new Tmpfs(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Takes all the room that is left. */
    Path fill() {
        Path ballast = folder.resolve("ballast");
        try (var out = Files.newOutputStream(ballast)) {
            byte[] bytes = new byte[4096];
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            return ballast;
        }
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        } catch (IOException noSuchCommand) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            run("umount", "-l", folder.toString());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
