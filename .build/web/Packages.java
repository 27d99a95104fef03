import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** Unpacks packages, each as its integrity says or not at all. Downloads are kept under their hash. */
final class Packages {

    private static final int BLOCK = 512;

    private final Registry registry;
    private final Path cache;
    private final Path modules;

    Packages(Registry registry, Path cache, Path modules) {
        this.registry = registry;
        this.cache = cache;
        this.modules = modules;
    }

    /** Sees to it that a package is there; nothing is run of it. */
    void install(Lock.Package each) throws IOException, InterruptedException, BuildException {
        Path folder = modules.resolve(each.folder().substring("node_modules/".length()));
        Path mark = folder.resolve(".integrity");
        if (Files.exists(mark) && Files.readString(mark).equals(each.integrity())) {
            return;
        }
        Web.delete(folder);
        unpack(archive(each), folder);
        Files.writeString(mark, each.integrity());
    }

    private Path archive(Lock.Package each) throws IOException, InterruptedException, BuildException {
        byte[] wanted = Base64.getDecoder().decode(each.integrity().substring("sha512-".length()));
        Path kept = cache.resolve(HexFormat.of().formatHex(wanted, 0, 20) + ".tgz");
        if (Files.exists(kept) && MessageDigest.isEqual(hash(kept), wanted)) {
            return kept;
        }
        Files.createDirectories(cache);
        Path part = Files.createTempFile(cache, "part", ".tgz");
        try {
            registry.load(each, part);
            if (!MessageDigest.isEqual(hash(part), wanted)) {
                throw new BuildException(each.name() + " " + each.version()
                        + " is not what package-lock.json pins: its hash is another one");
            }
            Files.move(part, kept, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return kept;
    }

    private static byte[] hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            byte[] buffer = new byte[1 << 16];
            for (int n; (n = in.read(buffer)) > 0; ) {
                digest.update(buffer, 0, n);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-512", e);
        }
    }

    /** Unpacks a tar as npm makes it (POSIX ustar, with pax headers for long names), without its first folder. */
    private static void unpack(Path archive, Path folder) throws IOException, BuildException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
            String longName = null;
            while (true) {
                byte[] head = in.readNBytes(BLOCK);
                if (head.length < BLOCK || head[0] == 0) {
                    return;
                }
                String name = text(head, 0, 100);
                String prefix = text(head, 345, 155);
                long size = Long.parseLong(text(head, 124, 12).strip(), 8);
                char type = (char) head[156];
                byte[] content = in.readNBytes(Math.toIntExact(size));
                in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
                if (type == 'x') {
                    longName = path(content);
                    continue;
                }
                String full = longName != null ? longName : prefix.isEmpty() ? name : prefix + "/" + name;
                longName = null;
                if (type != '0' && type != 0) {
                    continue; // folders come with their files, and links have no place in a package
                }
                Path target =
                        folder.resolve(full.substring(full.indexOf('/') + 1)).normalize();
                if (!target.startsWith(folder)) {
                    throw new BuildException(archive + " has a file outside of itself: " + full);
                }
                Files.createDirectories(target.getParent());
                Files.write(target, content);
                if ((Integer.parseInt(text(head, 100, 8).strip(), 8) & 0111) != 0) {
                    target.toFile().setExecutable(true);
                }
            }
        }
    }

    private static String path(byte[] pax) {
        for (String line : new String(pax, StandardCharsets.UTF_8).split("\n")) {
            int at = line.indexOf(" path=");
            if (at > 0) {
                return line.substring(at + " path=".length());
            }
        }
        return null;
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
