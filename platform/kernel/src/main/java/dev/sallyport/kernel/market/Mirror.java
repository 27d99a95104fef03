package dev.sallyport.kernel.market;

import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.marketplace.Index;
import dev.sallyport.marketplace.Listing;
import dev.sallyport.marketplace.Release;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a marketplace, whole or in part, served as it is: whoever reads it needs to trust the same keys, and not the
 * mirror. Jars that are there already are kept, their signatures are asked for anew; the index is replaced last.
 */
public final class Mirror {

    private final Marketplace market;
    private final Progress progress;

    public Mirror(Marketplace market, Progress progress) {
        this.market = market;
        this.progress = progress;
    }

    /**
     * What was done.
     *
     * @param index the version of the index
     * @param fetched how many jars were fetched
     * @param kept how many were there already
     */
    public record Done(long index, int fetched, int kept) {}

    /** A release of a plugin that is wanted. */
    public record Wanted(String id, @Nullable String version) {}

    /**
     * Copies into a folder.
     *
     * @param wanted plugins, all their versions where none is named; nothing for all plugins
     */
    public Done into(Path folder, List<Wanted> wanted) throws MarketException {
        Marketplace.Fresh fresh = market.fresh();
        int fetched = 0;
        int kept = 0;
        try {
            for (Release each : releases(fresh.index(), wanted)) {
                if (copy(each, folder)) {
                    fetched++;
                } else {
                    kept++;
                }
            }
            Publication.write(fresh.envelope().getBytes(StandardCharsets.UTF_8), folder.resolve(Marketplace.INDEX));
            return new Done(fresh.index().version(), fetched, kept);
        } catch (IOException e) {
            throw new MarketException(folder + " cannot be written (" + e + "); run the same command again");
        }
    }

    private List<Release> releases(Index index, List<Wanted> wanted) throws MarketException {
        List<Release> releases = new ArrayList<>();
        if (wanted.isEmpty()) {
            index.plugins().values().forEach(each -> releases.addAll(each.releases()));
        }
        for (Wanted each : wanted) {
            Listing listing = index.plugins().get(each.id());
            if (listing == null) {
                throw new MarketException(market.name() + " offers no plugin " + each.id());
            }
            if (each.version() == null) {
                releases.addAll(listing.releases());
            } else {
                releases.add(listing.release(each.version())
                        .orElseThrow(() ->
                                new MarketException(market.name() + " offers no " + each.id() + " " + each.version())));
            }
        }
        return releases;
    }

    /** Whether the jar was fetched. */
    private boolean copy(Release release, Path folder) throws IOException, MarketException {
        Path jar = folder.resolve(release.file());
        copySbom(release, folder);
        if (Files.isRegularFile(jar) && Plugins.hash(jar).equals(release.sha256())) {
            copySignature(release, jar);
            return false;
        }
        Path fetched = market.fetch(release, progress);
        try {
            if (Files.isRegularFile(Signatures.of(fetched))) {
                Publication.copy(Signatures.of(fetched), Signatures.of(jar));
            }
            Publication.copy(fetched, jar);
            return true;
        } finally {
            Marketplace.discard(fetched);
        }
    }

    private void copySbom(Release release, Path folder) throws IOException, MarketException {
        Path file = release.sbomSha256().isEmpty() ? null : folder.resolve(release.sbom());
        if (file == null || (Files.isRegularFile(file) && Plugins.hash(file).equals(release.sbomSha256()))) {
            return;
        }
        byte[] sbom = market.sbom(release);
        if (sbom == null) {
            return;
        }
        if (!Downloads.hash(sbom).equals(release.sbomSha256())) {
            throw new MarketException(release.sbom() + " is not what the index of " + market.name() + " lists");
        }
        Publication.write(sbom, file);
    }

    /** A jar never changes; who has signed it does. */
    private void copySignature(Release release, Path jar) throws IOException, MarketException {
        String signature = market.signature(release);
        Path file = Signatures.of(jar);
        if (signature != null
                && !(Files.isRegularFile(file) && Files.readString(file).equals(signature))) {
            Publication.write(signature.getBytes(StandardCharsets.UTF_8), file);
        }
    }

    /** The same, into one file that can be carried where no network is. */
    public Done bundle(Path file, List<Wanted> wanted) throws MarketException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("sallyport-bundle");
            Done done = into(folder, wanted);
            Path part = file.resolveSibling("." + file.getFileName() + ".part");
            try (OutputStream out = Files.newOutputStream(part);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                // Jars are packed already.
                zip.setLevel(0);
                add(folder, zip);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return done;
        } catch (IOException | UncheckedIOException e) {
            throw new MarketException(file + " cannot be written (" + e + ")");
        } finally {
            delete(folder);
        }
    }

    private static void add(Path folder, ZipOutputStream zip) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
                zip.putNextEntry(new ZipEntry(folder.relativize(each).toString().replace('\\', '/')));
                Files.copy(each, zip);
                zip.closeEntry();
            }
        }
    }

    private static void delete(@Nullable Path folder) throws MarketException {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new MarketException(folder + " cannot be deleted (" + e + ")");
        }
    }
}
