package dev.sallyport.kernel.market;

import dev.sallyport.kernel.config.TrustConfig.MarketplaceConfig;
import dev.sallyport.marketplace.Index;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The indexes that were fetched last, each read and verified once for as long as neither its file changes nor whom the
 * configuration believes. Thread-safe; it holds one of each marketplace.
 */
public final class KeptIndexes {

    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** @param index null where the keys do not vouch for it */
    private record Held(
            Stamp stamp,
            MarketplaceConfig config,
            Set<String> revoked,
            @Nullable Index index) {}

    /** Tells one content of a file from another: a new one is a new file, which takes the name of the old. */
    private record Stamp(
            FileTime changed, long size, @Nullable Object file) {

        static @Nullable Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(facts.lastModifiedTime(), facts.size(), facts.fileKey());
            } catch (NoSuchFileException e) {
                return null;
            }
        }
    }

    /** Reads an index; null where the keys do not vouch for it. */
    @FunctionalInterface
    interface Reading {
        @Nullable
        Index read() throws MarketException;
    }

    /**
     * The index of a marketplace.
     *
     * @param revoked ids of keys that speak for no marketplace any more
     * @param file where it is kept
     * @return null where there is none that the keys vouch for
     */
    @Nullable
    Index of(MarketplaceConfig config, Set<String> revoked, Path file, Reading reading) throws MarketException {
        Stamp stamp;
        try {
            stamp = Stamp.of(file);
        } catch (IOException e) {
            throw new MarketException(file + " cannot be read (" + e + ")");
        }
        if (stamp == null) {
            return null;
        }
        Held known = held.get(config.name());
        if (known == null
                || !known.stamp.equals(stamp)
                || !known.config.equals(config)
                || !known.revoked.equals(revoked)) {
            // Where the file is exchanged meanwhile, what is read is newer than the stamp, and read again the next
            // time.
            known = new Held(stamp, config, revoked, reading.read());
            held.put(config.name(), known);
        }
        return known.index;
    }

    /** Lets go of those of other marketplaces. */
    void retain(Collection<String> names) {
        held.keySet().retainAll(names);
    }
}
