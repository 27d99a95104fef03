package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own copies of plugin jars, each under the hash of its bytes: {@code store/<sha256>.jar}. Jars are loaded
 * from here only, so overwriting or deleting a dropped file is always safe. Beside each lies the signature that it was
 * taken with, if any. For one thread at a time, but for {@link #put} and {@link #find}, which many may call at once.
 *
 * <ol>
 *   <li>Under its final name a jar is whole and verified, or absent.
 *   <li>What something knows is deleted never; the rest at start, and what was tried in vain at once.
 *   <li>What was read once is not read again by a later start, unless its file changed: {@link KnownJars}.
 *   <li>A start copies only what is loaded, where jars are known to be sound; the rest follows once it serves
 *       ({@link #copyOwed}).
 * </ol>
 */
final class ArtefactStore {

    private static final System.Logger LOG = System.getLogger("plugins");
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.jar(\\.dsse\\.json)?");

    private final Path folder;
    private final ArtefactReader reader;
    private final PartFile.Observer observer;
    private final KnownJars known;
    private final Map<String, Artefact> read = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> envelopes = new HashMap<>();

    /** The dropped files of jars that are still to be copied, by hash; guarded by itself, also while one is copied. */
    private final Map<String, Path> owed = new HashMap<>();

    /** @param folder made where it does not exist */
    ArtefactStore(Path folder, ArtefactReader reader, PartFile.Observer observer) throws IOException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        this.reader = reader;
        this.observer = observer;
        this.known = new KnownJars(this.folder.resolve("..").normalize());
    }

    /**
     * Takes a copy of a jar, unless its bytes are here already.
     *
     * @throws IOException where it cannot be read or is no whole zip file (yet), or the copy cannot be written
     * @throws RefusedException where it is nothing that can be taken; then no copy is kept
     */
    Artefact put(Path jar) throws IOException, RefusedException {
        return put(jar, false);
    }

    /**
     * The same, but what is known to be sound is copied when it is loaded, or by {@link #copyOwed}: a start waits for no
     * more than it needs.
     */
    Artefact putOwing(Path jar) throws IOException, RefusedException {
        return put(jar, true);
    }

    private Artefact put(Path jar, boolean owing) throws IOException, RefusedException {
        reader.checkSize(jar);
        String sha256 = known.hash(jar);
        Artefact stored = find(sha256);
        if (stored != null) {
            return stored;
        }
        if (!owing || !known.isSound(sha256) || has(sha256)) { // a copy that is damaged is made anew at once
            return copy(jar, sha256);
        }
        Artefact artefact = read(jar, sha256, path(sha256));
        synchronized (owed) {
            owed.put(sha256, jar);
        }
        return artefact;
    }

    /** Copies what is owed still. A file that has changed or gone since is left to whoever looks at the folder. */
    void copyOwed() {
        List<String> left;
        synchronized (owed) {
            left = List.copyOf(owed.keySet());
        }
        for (String sha256 : left) {
            try {
                copyOwed(sha256);
            } catch (IOException | RefusedException e) {
                LOG.log(System.Logger.Level.DEBUG, "a jar is not copied", e);
            }
        }
    }

    private void copyOwed(String sha256) throws IOException, RefusedException {
        synchronized (owed) {
            Path jar = owed.remove(sha256);
            if (jar != null && !has(sha256)) {
                copy(jar, sha256);
            }
        }
    }

    /**
     * The stored jar of that hash.
     *
     * @return null where there is none, or its bytes are not what they were
     * @throws RefusedException where this gateway does not take it any more
     */
    @Nullable
    Artefact find(String sha256) throws IOException, RefusedException {
        Path path = path(sha256);
        if (!Files.isRegularFile(path)) {
            return null;
        }
        if (!known.hash(path).equals(sha256)) {
            LOG.log(System.Logger.Level.WARNING, "{0} in the store is damaged; it is not used", path.getFileName());
            return null;
        }
        return read(path, sha256, path).withEnvelope(Signatures.beside(path));
    }

    /** Makes the signature beside a stored jar the one that it has now, so that a restart finds it. */
    void keepEnvelope(Artefact artefact) throws IOException {
        Optional<String> envelope = Optional.ofNullable(artefact.envelope());
        if (envelope.equals(envelopes.get(artefact.sha256()))) {
            return;
        }
        Path file = Signatures.of(artefact.path());
        if (envelope.isPresent()) {
            try (PartFile part = PartFile.open(folder, observer)) {
                part.write(ByteBuffer.wrap(envelope.get().getBytes(StandardCharsets.UTF_8)));
                part.force();
                part.rename(file);
            }
        } else {
            Files.deleteIfExists(file);
        }
        envelopes.put(artefact.sha256(), envelope);
    }

    /**
     * Makes sure that a stored jar is there and still has the bytes that it was judged by; before it is loaded.
     *
     * @throws PluginException where it has not
     */
    void check(Artefact artefact) throws PluginException {
        try {
            copyOwed(artefact.sha256());
            if (!hash(artefact.path()).equals(artefact.sha256())) {
                throw new PluginException(artefact + " cannot be loaded: its copy in the store was changed; delete "
                        + artefact.path().getFileName() + " there, and drop the jar again");
            }
        } catch (IOException e) {
            throw new PluginException(artefact + " cannot be loaded: its copy in the store cannot be read (" + e + ")");
        } catch (RefusedException e) {
            throw new PluginException(artefact + " " + e.getMessage());
        }
    }

    private Artefact copy(Path jar, String sha256) throws IOException, RefusedException {
        // Somebody may have deleted it under a running gateway.
        Files.createDirectories(folder);
        try (PartFile part = PartFile.open(folder, observer)) {
            MessageDigest digest = sha256();
            try (InputStream in = Files.newInputStream(jar)) {
                byte[] buffer = new byte[64 << 10];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                    part.write(ByteBuffer.wrap(buffer, 0, read));
                }
            }
            part.force();
            if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
                throw new ZipException("it changed while it was copied");
            }
            Artefact artefact = read(part.path(), sha256, path(sha256));
            part.rename(artefact.path());
            known.wrote(artefact.path(), sha256);
            return artefact;
        }
    }

    private Artefact read(Path jar, String sha256, Path path) throws IOException, RefusedException {
        Artefact artefact = read.get(sha256);
        if (artefact == null) {
            artefact = known.isSound(sha256) ? reader.readAgain(jar, sha256, path) : reader.read(jar, sha256, path);
            known.sound(sha256);
            read.put(sha256, artefact);
        }
        return artefact;
    }

    /** The hash of a file, from memory where it is the file that it was. */
    String hashOf(Path file) throws IOException {
        return known.hash(file);
    }

    /**
     * Keeps what readings have found, so that the next start need not read as much.
     *
     * @param hashes what is still of use
     */
    void remember(Supplier<Set<String>> hashes) {
        known.keep(hashes);
    }

    /** Deletes the jar of that hash, which nothing has loaded. */
    void discard(String sha256) {
        read.remove(sha256);
        envelopes.remove(sha256);
        try {
            Files.deleteIfExists(Signatures.of(path(sha256)));
            Files.deleteIfExists(path(sha256));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the next start tidies it", e);
        }
    }

    /** Whether there is a copy of that hash. */
    boolean has(String sha256) {
        return Files.isRegularFile(path(sha256));
    }

    /**
     * Deletes what nothing knows: other jars of the store and copies that were never finished. Only at start, before
     * anything is loaded.
     *
     * @param keep the hashes that something knows
     */
    void sweep(Set<String> keep) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                var hash = NAME.matcher(name);
                if (name.endsWith(PartFile.SUFFIX) || (hash.matches() && !keep.contains(hash.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the plugin store cannot be tidied: {0}", e.toString());
        }
    }

    private Path path(String sha256) {
        return folder.resolve(sha256 + ".jar");
    }

    /** The SHA-256 of a file, in lower-case hex. */
    static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
