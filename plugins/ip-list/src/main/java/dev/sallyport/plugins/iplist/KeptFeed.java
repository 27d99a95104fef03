package dev.sallyport.plugins.iplist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The last good state of a feed, on disk: one file, so that list and version are never of different states. It begins with
 * two lines that tell the version; the list follows as it came.
 *
 * @param file where
 */
record KeptFeed(Path file) {

    private static final String ETAG = "# etag: ";
    private static final String MODIFIED = "# modified: ";

    /** @param place what tells the feed apart from others of the step */
    static KeptFeed in(Path folder, String place) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
            return new KeptFeed(folder.resolve("feed-" + HexFormat.of().formatHex(hash, 0, 8) + ".txt"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /** What is kept; null where nothing is. */
    FeedSource.@Nullable Fetched read() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        return new FeedSource.Fetched(bytes, new FeedSource.Version(value(bytes, 0, ETAG), value(bytes, 1, MODIFIED)));
    }

    void write(FeedSource.Fetched fetched) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(fetched.bytes().length + 200);
        whole.writeBytes(line(ETAG, fetched.version().etag()));
        whole.writeBytes(line(MODIFIED, fetched.version().modified()));
        whole.writeBytes(fetched.bytes());
        Path part = Files.createTempFile(file.resolveSibling(""), "feed", ".part");
        try {
            Files.write(part, whole.toByteArray());
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static byte[] line(String name, @Nullable String value) {
        return (name + (value == null ? "" : value.replaceAll("\\R", " ")) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String value(byte[] bytes, int line, String name) {
        String[] head = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1).split("\n", 3);
        return line < head.length && head[line].startsWith(name) && head[line].length() > name.length()
                ? head[line].substring(name.length())
                : null;
    }
}
