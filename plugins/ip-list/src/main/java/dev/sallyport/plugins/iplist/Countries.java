package dev.sallyport.plugins.iplist;

import com.maxmind.db.CHMCache;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells the country of an address. The database is read into memory, so that its file may be replaced in any way; a replaced
 * one that cannot be read leaves the one before in place. Thread-safe.
 */
final class Countries {

    private final Path file;
    private volatile Reader reader;
    private volatile FileTime read;

    /** @throws IOException where it is no such database */
    Countries(Path file) throws IOException {
        this.file = file;
        read = Files.getLastModifiedTime(file);
        reader = open(file);
    }

    /** What is read of an entry: all else in it is passed over. */
    public record Entry(@Nullable Country country) {
        @MaxMindDbConstructor
        public Entry(@MaxMindDbParameter(name = "country") @Nullable Country country) {
            this.country = country;
        }
    }

    /** A country. */
    public record Country(@Nullable String isoCode) {
        @MaxMindDbConstructor
        public Country(@MaxMindDbParameter(name = "iso_code") @Nullable String isoCode) {
            this.isoCode = isoCode;
        }
    }

    private static Reader open(Path file) throws IOException {
        return new Reader(new ByteArrayInputStream(Files.readAllBytes(file)), new CHMCache());
    }

    /**
     * Reads it again where its file has changed.
     *
     * @return whether it had
     * @throws IOException where the new one is no such database; the old one stays
     */
    synchronized boolean refresh() throws IOException {
        FileTime now = Files.getLastModifiedTime(file);
        if (now.equals(read)) {
            return false;
        }
        read = now;
        reader = open(file);
        return true;
    }

    /** The code of an address's country; null where the database knows none. */
    @Nullable
    String of(InetAddress address) {
        try {
            Entry entry = reader.get(address, Entry.class);
            Country country = entry == null ? null : entry.country();
            return country == null ? null : country.isoCode();
        } catch (IOException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }
}
