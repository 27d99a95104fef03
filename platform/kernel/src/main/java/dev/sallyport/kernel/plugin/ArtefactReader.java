package dev.sallyport.kernel.plugin;

import com.github.zafarkhaja.semver.Version;
import dev.sallyport.kernel.plugin.Artefact.Extension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads a jar as a plugin artefact, verifying all of it without running any of its code: every entry is unpacked and its
 * checksum compared, so that a half-written or damaged jar is never loaded. Immutable.
 */
final class ArtefactReader {

    /**
     * How much a jar may ask of the gateway.
     *
     * @param jar its size in bytes
     * @param unpacked the size of all its entries together, in bytes
     * @param entries how many it may have
     * @param kept the size of what is held in memory at once (a class file, an index), in bytes
     */
    record Limits(long jar, long unpacked, int entries, int kept) {
        static final Limits DEFAULT = new Limits(256L << 20, 1L << 30, 65_535, 16 << 20);
    }

    private static final Set<String> KEPT = Set.of(JarFile.MANIFEST_NAME, ExtensionIndex.CLASSES, ExtensionIndex.FACTS);

    private final Version api;
    private final Limits limits;

    /** @param api the version of the plugin API that this gateway has */
    ArtefactReader(Version api, Limits limits) {
        this.api = api;
        this.limits = limits;
    }

    /**
     * Reads a jar.
     *
     * @param jar the file to read
     * @param sha256 its hash
     * @param path where it will lie in the store
     * @throws IOException where it is no whole zip file (yet)
     * @throws RefusedException where it is one, but nothing that can be taken
     */
    Artefact read(Path jar, String sha256, Path path) throws IOException, RefusedException {
        return read(jar, sha256, path, true);
    }

    /** Reads a jar whose bytes {@link #read} has found whole and harmless before: what it says of itself, and no more. */
    Artefact readAgain(Path jar, String sha256, Path path) throws IOException, RefusedException {
        return read(jar, sha256, path, false);
    }

    private Artefact read(Path jar, String sha256, Path path, boolean verify) throws IOException, RefusedException {
        checkSize(jar);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.size() > limits.entries()) {
                throw new RefusedException("has " + zip.size() + " entries (expected: at most " + limits.entries()
                        + "); leave out what it does not need");
            }
            ManifestFacts facts = manifest(zip);
            Map<String, byte[]> kept = verify ? verify(zip, new ForbiddenCalls(facts.permissions())) : kept(zip);
            List<Extension> extensions = ExtensionIndex.read(
                    kept.get(ExtensionIndex.CLASSES), kept.get(ExtensionIndex.FACTS), facts.provider(), names(zip));
            refusePowerNotPermitted(extensions, facts.permissions());
            return new Artefact(
                    facts.id(),
                    facts.version(),
                    sha256,
                    facts.requires(),
                    facts.provider(),
                    facts.licence(),
                    facts.description(),
                    facts.permissions(),
                    extensions,
                    path,
                    null);
        } catch (IllegalArgumentException e) {
            // The zip classes throw this for names that are not UTF-8.
            throw new ZipException(String.valueOf(e.getMessage()));
        }
    }

    /** What a plugin does by the gateway's leave is to be seen in its manifest. */
    private static void refusePowerNotPermitted(List<Extension> extensions, Set<String> permissions)
            throws RefusedException {
        for (Extension extension : extensions) {
            if (extension.point().equals(Point.ADMIN_PAGES.written()) && !permissions.contains("admin")) {
                throw new RefusedException("offers the admin pages " + extension.type()
                        + ", which have power over the gateway; permit it in the manifest: Plugin-Permissions: admin");
            }
        }
    }

    /** Refuses a file that is too large, before anything reads it. */
    void checkSize(Path jar) throws IOException, RefusedException {
        long size = Files.size(jar);
        if (size > limits.jar()) {
            throw new RefusedException(
                    "has " + size + " bytes (expected: at most " + limits.jar() + "); leave out what it does not need");
        }
    }

    private ManifestFacts manifest(ZipFile zip) throws IOException, RefusedException {
        ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (entry != null) {
            unpack(zip, entry, limits.unpacked(), bytes);
        }
        try {
            return ManifestFacts.read(new Manifest(new ByteArrayInputStream(bytes.toByteArray())), api);
        } catch (IOException e) {
            throw new RefusedException(
                    "has a manifest that cannot be read (" + e.getMessage() + "); build the jar again");
        }
    }

    private Map<String, byte[]> verify(ZipFile zip, ForbiddenCalls calls) throws IOException, RefusedException {
        Map<String, byte[]> kept = new HashMap<>();
        long left = limits.unpacked();
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            String name = entry.getName();
            boolean isClass = name.endsWith(".class");
            ByteArrayOutputStream bytes = isClass || KEPT.contains(name) ? new ByteArrayOutputStream() : null;
            left -= unpack(zip, entry, left, bytes);
            if (bytes != null && isClass) {
                calls.check(name, bytes.toByteArray());
            } else if (bytes != null) {
                kept.put(name, bytes.toByteArray());
            }
        }
        return kept;
    }

    private Map<String, byte[]> kept(ZipFile zip) throws IOException, RefusedException {
        Map<String, byte[]> kept = new HashMap<>();
        for (String name : KEPT) {
            ZipEntry entry = zip.getEntry(name);
            if (entry != null) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                unpack(zip, entry, limits.unpacked(), bytes);
                kept.put(name, bytes.toByteArray());
            }
        }
        return kept;
    }

    /** Unpacks an entry, into {@code kept} or nowhere, and compares its checksum; its size in bytes. */
    private long unpack(ZipFile zip, ZipEntry entry, long left, @Nullable ByteArrayOutputStream kept)
            throws IOException, RefusedException {
        CRC32 crc = new CRC32();
        long size = 0;
        try (InputStream in = entryStream(zip, entry)) {
            byte[] buffer = new byte[16 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                crc.update(buffer, 0, read);
                size += read;
                if (size > left || (kept != null && size > limits.kept())) {
                    throw new RefusedException("is too large unpacked, at " + entry.getName() + " (expected: at most "
                            + limits.unpacked() + " bytes in all, " + limits.kept()
                            + " for a class); leave out what it does not need");
                }
                if (kept != null) {
                    kept.write(buffer, 0, read);
                }
            }
        }
        if (entry.getCrc() >= 0 && entry.getCrc() != crc.getValue()) {
            throw new ZipException("wrong checksum of " + entry.getName());
        }
        return size;
    }

    private static InputStream entryStream(ZipFile zip, ZipEntry entry) throws IOException {
        InputStream in = zip.getInputStream(entry);
        if (in == null) {
            throw new ZipException("no data for " + entry.getName());
        }
        return in;
    }

    private static Set<String> names(ZipFile zip) {
        Set<String> names = new HashSet<>();
        zip.stream().forEach(entry -> names.add(entry.getName()));
        return names;
    }
}
