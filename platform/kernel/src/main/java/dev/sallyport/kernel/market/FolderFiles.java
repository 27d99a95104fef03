package dev.sallyport.kernel.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A marketplace in a folder: a mirror on this machine, or on a disk that was carried here. */
final class FolderFiles implements MarketFiles {

    private final Path folder;

    FolderFiles(Path folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable Opened open(String file, long from, String validator) throws IOException {
        try {
            Path path = folder.resolve(file);
            return MarketFiles.skipping(Files.newInputStream(path), Files.size(path) < from ? 0 : from);
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    @Override
    public String place(String file) {
        return folder.resolve(file).toString();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
