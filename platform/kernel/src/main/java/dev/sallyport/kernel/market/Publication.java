package dev.sallyport.kernel.market;

import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PartFile;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.Envelope;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.IndexKeys;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.MalformedException;
import dev.sallyport.marketplace.RefusedIndexException;
import dev.sallyport.marketplace.Release;
import dev.sallyport.marketplace.Signer;
import dev.sallyport.marketplace.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a marketplace, or adds to one: a folder for any web server. Whoever reads it meanwhile sees the old index or the
 * new one, and each file that either names.
 */
public final class Publication {

    private static final String SBOM = ".cdx.json";

    private final Path folder;
    private final String name;
    private final List<Signer> signers;
    private final Clock clock;
    private final List<Pending> pending = new ArrayList<>();

    /** A file that is to be there before the index is. */
    private record Pending(Path from, String file) {}

    /**
     * Begins one.
     *
     * @param name of the marketplace
     * @param signers sign the index; at least one
     */
    public Publication(Path folder, String name, List<Signer> signers, Clock clock) {
        this.folder = folder;
        this.name = name;
        this.signers = List.copyOf(signers);
        this.clock = clock;
    }

    /**
     * Publishes jars; each has its publisher's signature beside it, and may have a bill of materials.
     *
     * @param about a JSON file that tells more; null for none
     * @param valid for how long the index is to be believed
     * @return the new index
     */
    public Index publish(List<Path> jars, @Nullable Path about, Duration valid) throws MarketException {
        About more = about == null ? About.nothing() : About.read(about);
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null) {
                    throw new MarketException(
                            "another command publishes into " + folder + "; run this one again when that is done");
                }
                return publish(jars, more, valid, clock.instant().truncatedTo(ChronoUnit.SECONDS));
            }
        } catch (IOException e) {
            throw new MarketException(
                    folder + " cannot be written (" + e + "); the index there is the one from before");
        }
    }

    private Index publish(List<Path> jars, About more, Duration valid, Instant now)
            throws IOException, MarketException {
        Index before = before(now);
        Map<String, Listing> plugins = new TreeMap<>(before.plugins());
        for (Path jar : jars) {
            add(jar, plugins, now);
        }
        Index listed = new Index(name, before.version(), now, now, plugins, before.revoked());
        Index index = more.applied(listed, now, now.plus(valid));
        byte[] envelope = index.sign(signers).toJson().getBytes(StandardCharsets.UTF_8);
        // What no reader would take is not published.
        verified(envelope);
        PartFile.sweep(folder);
        for (Pending each : pending) {
            Path file = folder.resolve(each.file());
            Files.createDirectories(parent(file));
            PartFile.sweep(parent(file));
            copy(each.from(), file);
        }
        write(envelope, folder.resolve(Marketplace.INDEX));
        return index;
    }

    /** What is there, as one of the signers has signed it. */
    private Index before(Instant now) throws MarketException {
        Path file = folder.resolve(Marketplace.INDEX);
        try {
            return Files.exists(file)
                    ? verified(Files.readAllBytes(file))
                    : new Index(name, 0, now, now, Map.of(), Map.of());
        } catch (IOException e) {
            throw new MarketException(file + " cannot be read (" + e + ")");
        }
    }

    private Index verified(byte[] envelope) throws MarketException {
        IndexKeys own =
                new IndexKeys(name, signers.stream().map(Signer::publicKey).toList(), 1);
        try {
            return own.signed(envelope).index();
        } catch (RefusedIndexException e) {
            throw new MarketException(folder.resolve(Marketplace.INDEX) + ": " + e.getMessage());
        }
    }

    private void add(Path jar, Map<String, Listing> plugins, Instant now) throws MarketException {
        Artefact artefact;
        long size;
        try {
            artefact = Plugins.inspect(jar);
            size = Files.size(jar);
        } catch (PluginException e) {
            throw new MarketException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new MarketException(jar + " cannot be read as a jar: " + e);
        }
        String envelope = artefact.envelope();
        if (envelope == null) {
            throw new MarketException(jar + " is not signed (expected: "
                    + Signatures.of(jar).getFileName() + " beside it); sign it with `sallyport market sign`");
        }
        String wrong = Statement.claims(
                envelope.getBytes(StandardCharsets.UTF_8),
                Trust.statement(String.valueOf(jar.getFileName()), artefact));
        if (wrong != null) {
            throw new MarketException(jar + " " + wrong + "; sign it again with `sallyport market sign`");
        }
        String file = artefact.id() + "/" + artefact.id() + "-" + artefact.version() + ".jar";
        Listing listing = plugins.get(artefact.id());
        Release known =
                listing == null ? null : listing.release(artefact.version()).orElse(null);
        if (known != null && !known.sha256().equals(artefact.sha256())) {
            throw new MarketException(artefact + " is published already, with other bytes, and a version never changes;"
                    + " give " + jar + " another version");
        }
        pending.add(new Pending(Signatures.of(jar), file + Signatures.SUFFIX));
        if (known != null) {
            return;
        }
        Path sbom = jar.resolveSibling(jar.getFileName() + SBOM);
        boolean has = Files.isRegularFile(sbom);
        pending.add(new Pending(jar, file));
        if (has) {
            pending.add(new Pending(sbom, file + SBOM));
        }
        Release release = new Release(
                artefact.version(),
                file,
                artefact.sha256(),
                size,
                now,
                artefact.requires(),
                artefact.permissions(),
                artefact.licence(),
                artefact.extensions().stream().map(Artefact.Extension::type).toList(),
                has ? file + SBOM : "",
                has ? hash(sbom) : "",
                "");
        List<Release> releases = new ArrayList<>(listing == null ? List.of() : listing.releases());
        releases.add(release);
        plugins.put(
                artefact.id(),
                listing == null
                        ? new Listing(
                                artefact.id(),
                                artefact.provider().isEmpty() ? name : artefact.provider(),
                                artefact.description(),
                                "",
                                "",
                                "",
                                "",
                                releases,
                                List.of())
                        : listing.withReleases(releases));
    }

    private static String hash(Path sbom) throws MarketException {
        try {
            if (Files.size(sbom) > Marketplace.MOST_SBOM) {
                throw new MarketException(
                        sbom + " has " + Files.size(sbom) + " bytes (expected: at most " + Marketplace.MOST_SBOM + ")");
            }
            return Plugins.hash(sbom);
        } catch (IOException e) {
            throw new MarketException(sbom + " cannot be read (" + e + ")");
        }
    }

    /**
     * Adds a signature to an index that lies there, for marketplaces with a threshold.
     *
     * @return what was signed
     */
    public static Index countersign(Path index, Signer signer) throws MarketException {
        try {
            Envelope envelope = Envelope.parse(Files.readAllBytes(index), Index.MOST_BYTES);
            Index signed = Index.unverified(envelope);
            byte[] bytes = signer.countersign(envelope).toJson().getBytes(StandardCharsets.UTF_8);
            // What no reader would take is not written: of signatures, say, there may be too many.
            Envelope.parse(bytes, Index.MOST_BYTES);
            write(bytes, index.toAbsolutePath());
            return signed;
        } catch (IOException e) {
            throw new MarketException(index + " cannot be read or written (" + e + ")");
        } catch (MalformedException e) {
            throw new MarketException(index + " " + e.getMessage()
                    + " (expected: an index, as `sallyport market publish`" + " writes it)");
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Path parent = Files.createDirectories(parent(to));
        try (PartFile part = PartFile.open(parent, PartFile.Observer.NONE);
                InputStream in = Files.newInputStream(from)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                part.write(ByteBuffer.wrap(buffer, 0, read));
            }
            OwnerOnly.restrict(part.path());
            part.force();
            part.rename(to);
        }
    }

    static void write(byte[] bytes, Path to) throws IOException {
        Path parent = Files.createDirectories(parent(to));
        try (PartFile part = PartFile.open(parent, PartFile.Observer.NONE)) {
            part.write(ByteBuffer.wrap(bytes));
            part.force();
            part.rename(to);
        }
    }

    private static Path parent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " has no folder");
        }
        return parent;
    }
}
