package dev.sallyport.kernel.market;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A marketplace in one file: a zip of its folder. Entries are read by name and bound, and never unpacked to paths. */
final class BundleFiles implements MarketFiles {

    private final Path path;
    private final ZipFile zip;

    BundleFiles(Path path) throws MarketException {
        this.path = path;
        try {
            this.zip = new ZipFile(path.toFile());
        } catch (IOException e) {
            throw new MarketException(path + " cannot be read as a bundle (" + e.getMessage()
                    + "); make it anew with `sallyport market mirror`");
        }
    }

    @Override
    public @Nullable Opened open(String file, long from, String validator) throws IOException {
        ZipEntry entry = zip.getEntry(file);
        if (entry == null) {
            return null;
        }
        return MarketFiles.skipping(zip.getInputStream(entry), entry.getSize() < from ? 0 : from);
    }

    @Override
    public String place(String file) {
        return file + " in " + path;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            return; // it was only read
        }
    }
}
