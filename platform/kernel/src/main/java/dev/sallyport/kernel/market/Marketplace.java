package dev.sallyport.kernel.market;

import dev.sallyport.kernel.config.TrustConfig.MarketplaceConfig;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.marketplace.Envelope;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.IndexKeys;
import dev.sallyport.marketplace.RefusedIndexException;
import dev.sallyport.marketplace.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One marketplace: its index, verified, and its files. For one thread at a time, but {@link #kept} and {@link #close} for any. */
public final class Marketplace implements AutoCloseable {

    /** The name of the file that an index is in. */
    static final String INDEX = "index.json";

    /** The most bytes of a bill of materials. */
    static final long MOST_SBOM = 4L << 20;

    private final MarketplaceConfig config;
    private final IndexKeys keys;
    private final MarketFiles files;
    private final MarketState state;
    private final Downloads downloads;
    private final Clock clock;
    private final KeptIndexes indexes;
    private final Set<String> revoked;

    /** Asked by one thread, and looked at by others. */
    private volatile @Nullable Fresh fresh;

    /**
     * An index as it was fetched.
     *
     * @param envelope its bytes, which are UTF-8, as a text
     */
    record Fresh(Index index, String envelope) {}

    /** @param revoked ids of keys that speak for no marketplace any more */
    Marketplace(
            MarketplaceConfig config,
            Set<String> revoked,
            MarketFiles files,
            MarketState state,
            KeptIndexes indexes,
            Downloads downloads,
            Clock clock) {
        this.config = config;
        this.revoked = Set.copyOf(revoked);
        this.indexes = indexes;
        this.keys = new IndexKeys(config.name(), config.keys(), config.threshold()).without(revoked);
        this.files = files;
        this.state = state;
        this.downloads = downloads;
        this.clock = clock;
    }

    public String name() {
        return config.name();
    }

    /** Where its index is. */
    public String place() {
        return files.place(INDEX);
    }

    /** Whether the configuration says that this plugin comes from here. */
    boolean claims(String id) {
        return config.ids().stream().anyMatch(each -> each.covers(id));
    }

    /** Whether it may offer that plugin where nobody claims it. */
    boolean isOpen() {
        return config.ids().isEmpty();
    }

    /**
     * Its index as it is now: fetched once, verified and remembered.
     *
     * @throws MarketException where it cannot be had, or is not believed
     */
    public Index index() throws MarketException {
        return fresh().index();
    }

    Fresh fresh() throws MarketException {
        Fresh known = fresh;
        if (known != null) {
            return known;
        }
        byte[] envelope = downloads.small(files, INDEX, Index.MOST_BYTES);
        if (envelope == null) {
            throw new MarketException(files.place(INDEX) + " is not there; mend the url of the marketplace " + name());
        }
        try {
            IndexKeys.Verified verified = keys.verify(envelope, clock.instant(), state.seen(name()));
            state.saw(name(), verified.seen(), envelope);
            known = new Fresh(verified.index(), new String(envelope, StandardCharsets.UTF_8));
            fresh = known;
            return known;
        } catch (RefusedIndexException e) {
            throw new MarketException(String.valueOf(e.getMessage()));
        }
    }

    /** The index that was fetched last, which may be old; null where there is none that the keys vouch for. */
    public @Nullable Index kept() throws MarketException {
        Fresh known = fresh;
        if (known != null) {
            return known.index();
        }
        return indexes.of(config, revoked, state.kept(name()), this::read);
    }

    private @Nullable Index read() throws MarketException {
        byte[] envelope = state.envelope(name());
        try {
            return envelope == null ? null : keys.signed(envelope).index();
        } catch (RefusedIndexException e) {
            return null;
        }
    }

    /** Whether what is kept is too old to tell anything for sure. */
    public boolean isStale(Index index) {
        return !clock.instant().isBefore(index.expires());
    }

    /**
     * Fetches the jar of a release, its signature beside it.
     *
     * @return where it is: delete it when it is used
     */
    Path fetch(Release release, Progress progress) throws MarketException {
        Path jar = downloads.fetch(files, release.file(), release.sha256(), release.size(), progress);
        String envelope = signature(release);
        try {
            if (envelope == null) {
                Files.deleteIfExists(Signatures.of(jar));
            } else {
                Files.writeString(Signatures.of(jar), envelope);
            }
            return jar;
        } catch (IOException e) {
            throw new MarketException(Signatures.of(jar) + " cannot be written (" + e + ")");
        }
    }

    /** The publishers' signature over a release; null where there is none. */
    @Nullable
    String signature(Release release) throws MarketException {
        return downloads.text(files, release.file() + Signatures.SUFFIX, Envelope.MOST_BYTES);
    }

    /** The bill of materials of a release; null where it is no file of this marketplace. */
    byte @Nullable [] sbom(Release release) throws MarketException {
        return release.sbomSha256().isEmpty() ? null : downloads.small(files, release.sbom(), (int) MOST_SBOM);
    }

    /** Deletes what was fetched, and the folder that was made for it where nothing else is there. */
    static void discard(Path jar) {
        try {
            Files.deleteIfExists(Signatures.of(jar));
            Files.deleteIfExists(jar);
            Files.deleteIfExists(Objects.requireNonNull(jar.getParent(), "folder of a download"));
        } catch (IOException e) {
            return; // a later download tidies it
        }
    }

    @Override
    public void close() {
        files.close();
    }
}
