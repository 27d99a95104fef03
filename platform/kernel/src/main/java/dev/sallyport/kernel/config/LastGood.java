package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The last good contents of the includes that ask for {@code onError: keepLast}, as they were written: references to
 * secrets are kept as references. In memory, and in a folder so that a restart has them. Thread-safe.
 */
final class LastGood {

    private final JsonMapper json = JsonMapper.shared();
    private final Map<String, Map<String, String>> contents = new ConcurrentHashMap<>();

    /** The texts of an include by file name; null where it never was good. */
    @Nullable
    Map<String, String> get(Path folder, String include) {
        return contents.computeIfAbsent(include, key -> read(file(folder, key)));
    }

    /**
     * Keeps the texts of an include.
     *
     * @throws IOException where they are kept in memory only
     */
    void put(Path folder, String include, Map<String, String> texts) throws IOException {
        if (texts.equals(get(folder, include))) {
            return;
        }
        contents.put(include, Map.copyOf(texts));
        ObjectNode root = json.createObjectNode();
        root.put("include", include);
        ObjectNode files = root.putObject("files");
        new TreeMap<>(texts).forEach(files::put);
        Path file = file(folder, include);
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, root.toPrettyString());
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private @Nullable Map<String, String> read(Path file) {
        try {
            JsonNode root = json.readTree(Files.readString(file));
            Map<String, String> texts = new TreeMap<>();
            root.path("files").forEachEntry((name, text) -> texts.put(name, text.asString()));
            return texts;
        } catch (IOException | JacksonException none) {
            return null;
        }
    }

    private static Path file(Path folder, String include) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(include.getBytes(StandardCharsets.UTF_8));
            return folder.resolve("includes").resolve(HexFormat.of().formatHex(hash, 0, 16) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
