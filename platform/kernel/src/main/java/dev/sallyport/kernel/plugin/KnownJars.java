package dev.sallyport.kernel.plugin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What is known of jars from readings before, so that a start reads only what is new: the hash of a file whose size, time
 * and number on its disk are what they were, and the hashes of jars that were found whole and harmless. It is a memory of
 * work done, never of what may be loaded: a jar's bytes are compared with its hash again whenever it is loaded. Kept in a
 * text file with a line for each; one that cannot be read is as good as none. Thread-safe.
 */
final class KnownJars {

    /** Stands for what {@link ArtefactReader} and {@link ForbiddenCalls} look for: raised whenever they learn more. */
    static final String RULES = "sallyport jars 1";

    /** A file that was written to more recently than that when it was read may change without it being seen. */
    static final Duration SETTLED = Duration.ofSeconds(2);

    /** Of the file beside the store. */
    static final String NAME = "known-plugins.txt";

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final Set<String> sound = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean changed;

    /** @param folder the gateway's own, which the store is in */
    KnownJars(Path folder) {
        this.folder = folder;
        read(folder.resolve(NAME));
        String installation = System.getProperty("sallyport.home");
        if (installation != null) {
            read(ofInstallation(Path.of(installation)));
        }
    }

    /** What an installation knows of the jars that it came with: where it was prepared. */
    static Path ofInstallation(Path installation) {
        return installation.resolve("lib").resolve(NAME);
    }

    private void read(Path from) {
        List<String> lines = lines(from);
        if (!lines.isEmpty() && lines.getFirst().equals(RULES)) {
            lines.stream().skip(1).forEach(this::read);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException none) {
            return List.of();
        }
    }

    private void read(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !HASH.matcher(parts[1]).matches()) {
            return;
        }
        if (parts.length == 2 && parts[0].equals("sound")) {
            sound.add(parts[1]);
        } else if (parts.length == 3 && parts[0].equals("file")) {
            hashes.put(parts[2], parts[1]);
        }
    }

    /** The SHA-256 of a file, in lower-case hex; it is read only where it is not the file that it was. */
    String hash(Path path) throws IOException {
        String sign = sign(path);
        asked.add(sign);
        String known = hashes.get(sign);
        if (known != null) {
            return known;
        }
        Instant began = Instant.now();
        String hash = ArtefactStore.hash(path);
        Instant written = Files.getLastModifiedTime(path).toInstant();
        if (written.isBefore(began.minus(SETTLED)) && sign(path).equals(sign)) {
            hashes.put(sign, hash);
            changed = true;
        }
        return hash;
    }

    /** A file was written just now, with that hash. */
    void wrote(Path path, String sha256) throws IOException {
        String sign = sign(path);
        asked.add(sign);
        hashes.put(sign, sha256);
        changed = true;
    }

    private static String sign(Path path) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
        return facts.size() + " " + facts.lastModifiedTime().toInstant() + " " + facts.fileKey() + " "
                + path.toAbsolutePath();
    }

    /** Whether a jar with that hash was found whole and harmless. */
    boolean isSound(String sha256) {
        return sound.contains(sha256);
    }

    /** A jar with that hash was found whole and harmless. */
    void sound(String sha256) {
        if (sound.add(sha256)) {
            changed = true;
        }
    }

    /**
     * Copies which jars were found sound, so that gateways of that installation need not look for themselves.
     *
     * @param data the folder of a gateway's data
     */
    static void share(Path data, Path installation) throws IOException {
        List<String> sound = lines(data.resolve(NAME)).stream()
                .filter(line -> line.equals(RULES) || line.startsWith("sound "))
                .toList();
        if (!sound.isEmpty()) { // else that gateway found all jars on the installation's list, which stays
            Files.write(ofInstallation(installation), sound);
        }
    }

    /**
     * Keeps it on the disk, where there is news.
     *
     * @param known the hashes that are still of use
     */
    void keep(Supplier<Set<String>> known) {
        if (!changed) {
            return;
        }
        changed = false;
        StringBuilder text = new StringBuilder(RULES).append('\n');
        sound.retainAll(known.get());
        hashes.keySet().retainAll(asked);
        new TreeSet<>(sound).forEach(hash -> text.append("sound ").append(hash).append('\n'));
        new TreeMap<>(hashes).forEach((sign, hash) -> {
            if (sign.indexOf('\n') < 0) {
                text.append("file ").append(hash).append(' ').append(sign).append('\n');
            }
        });
        try (PartFile part = PartFile.open(folder, PartFile.Observer.NONE)) {
            part.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            part.rename(folder.resolve(NAME));
        } catch (IOException e) {
            System.getLogger("plugins").log(System.Logger.Level.DEBUG, "the next start reads all jars", e);
        }
    }
}
