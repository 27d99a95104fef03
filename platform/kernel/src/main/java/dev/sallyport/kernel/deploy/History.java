package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.plugin.PartFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generations that there were, kept in the data folder: {@code generations/<number>.json}, and the texts that they
 * were made of under their hashes in {@code objects/}. Reading is thread-safe, changing is for the deploying thread.
 *
 * <ol>
 *   <li>A record is written after all that it names, at once and lasting: under its name it is whole or absent, whenever
 *       the machine stops.
 *   <li>The newest {@value #KEPT} are kept, and the one that is held. Secrets are in them as references only.
 * </ol>
 */
public final class History {

    /** How many generations can be gone back to. */
    static final int KEPT = 100;

    private static final Logger LOG = System.getLogger("gateway");
    private static final JsonMapper JSON = new JsonMapper();

    private final Path generations;
    private final Path objects;
    private final Path holdFile;
    private final PartFile.Observer observer;
    private final ConcurrentSkipListMap<Integer, GenerationRecord> records = new ConcurrentSkipListMap<>();
    private volatile @Nullable Hold hold;

    /**
     * Reads what there is, and tidies up after a process that was killed.
     *
     * @param data the gateway's own folder
     * @throws IOException where the folder cannot be read or written
     */
    public static History in(Path data) throws IOException {
        return new History(data, PartFile.Observer.NONE);
    }

    History(Path data, PartFile.Observer observer) throws IOException {
        this.observer = observer;
        generations = Files.createDirectories(data.resolve("generations"));
        objects = Files.createDirectories(data.resolve("objects"));
        holdFile = data.resolve("hold.json");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(generations, "*.json")) {
            for (Path file : files) {
                GenerationRecord record = read(file, GenerationRecord.class);
                if (record != null) {
                    records.put(record.number(), record);
                }
            }
        }
        GenerationRecord before = null;
        for (Map.Entry<Integer, GenerationRecord> each : records.entrySet()) {
            GenerationRecord record =
                    before == null ? each.getValue() : each.getValue().sharing(before);
            records.put(each.getKey(), record);
            before = record;
        }
        hold = read(holdFile, Hold.class);
        sweep();
    }

    /** The number for the next generation: one more than the last. */
    int next() {
        return records.isEmpty() ? 1 : records.lastKey() + 1;
    }

    /** All that are kept, newest first. */
    public List<GenerationRecord> newestFirst() {
        return List.copyOf(records.descendingMap().values());
    }

    /** The generation of that number; null where it is not kept. */
    public @Nullable GenerationRecord find(int number) {
        return records.get(number);
    }

    /** The rollback that holds; null where none does. */
    public @Nullable Hold hold() {
        return hold;
    }

    /** The hashes of all plugins in them: their jars are to be kept. */
    public Set<String> jars() {
        Set<String> hashes = new HashSet<>();
        records.values().forEach(record -> record.plugins().forEach(plugin -> hashes.add(plugin.sha256())));
        return hashes;
    }

    /**
     * Adds a generation that serves.
     *
     * @param files what its files said, by name
     * @param scripts the bytes of its scripts, by name
     * @param since the generation that it is compared with; null for the first
     * @throws IOException where it cannot be kept
     */
    void add(
            GenerationRecord facts,
            Map<String, String> files,
            Map<String, byte[]> scripts,
            @Nullable GenerationRecord since)
            throws IOException {
        Map<String, String> fileHashes = new TreeMap<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            fileHashes.put(file.getKey(), keep(file.getValue().getBytes(StandardCharsets.UTF_8)));
        }
        Map<String, String> scriptHashes = new TreeMap<>();
        for (Map.Entry<String, byte[]> script : scripts.entrySet()) {
            scriptHashes.put(script.getKey(), keep(script.getValue()));
        }
        GenerationRecord record = new GenerationRecord(
                facts.number(),
                facts.at(),
                facts.author(),
                facts.reason(),
                facts.message(),
                facts.rollbackTo(),
                fileHashes,
                scriptHashes,
                facts.plugins(),
                facts.parts(),
                facts.verdicts(),
                List.of());
        record = (since == null ? record : record.sharing(since)).withChangesSince(since);
        write(generations.resolve(record.number() + ".json"), record);
        records.put(record.number(), record);
        try {
            forgetOldest();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "more than {0} generations are kept: {1}", KEPT, e.toString());
        }
    }

    /** The bytes of its files or scripts, by name. */
    Map<String, byte[]> contents(Map<String, String> hashes) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (Map.Entry<String, String> each : hashes.entrySet()) {
            byte[] bytes = Files.readAllBytes(objects.resolve(each.getValue()));
            if (!hash(bytes).equals(each.getValue())) {
                throw new IOException("what " + each.getKey() + " said then is damaged in " + objects);
            }
            contents.put(each.getKey(), bytes);
        }
        return contents;
    }

    /** What the files of a generation said, by name. */
    public Map<String, String> texts(GenerationRecord record) throws IOException {
        return texts(record.files());
    }

    /** The texts of files with those hashes, by name. */
    Map<String, String> texts(Map<String, String> hashes) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        contents(hashes).forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.UTF_8)));
        return texts;
    }

    void hold(Hold held) throws IOException {
        write(holdFile, held);
        hold = held;
    }

    void release() throws IOException {
        Files.deleteIfExists(holdFile);
        hold = null;
    }

    private void forgetOldest() throws IOException {
        Hold held = hold;
        while (records.size() > KEPT) {
            Integer oldest = records.navigableKeySet().stream()
                    .filter(number -> held == null || number != held.generation())
                    .findFirst()
                    .orElse(null);
            if (oldest == null) {
                return;
            }
            Files.deleteIfExists(generations.resolve(oldest + ".json"));
            records.remove(oldest);
        }
    }

    /** Deletes what no record names and what was never finished; only when nothing else is under way. */
    private void sweep() throws IOException {
        Set<String> named = new TreeSet<>();
        for (GenerationRecord record : records.values()) {
            named.addAll(record.files().values());
            named.addAll(record.scripts().values());
        }
        Path data = holdFile.resolveSibling("");
        for (Path folder : List.of(data, generations, objects)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(PartFile.SUFFIX) || (folder.equals(objects) && !named.contains(name))) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        }
    }

    private String keep(byte[] bytes) throws IOException {
        String hash = hash(bytes);
        Path file = objects.resolve(hash);
        if (!Files.exists(file)) {
            write(file, bytes);
        }
        return hash;
    }

    private void write(Path file, Object json) throws IOException {
        write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private void write(Path file, byte[] bytes) throws IOException {
        try (PartFile part = PartFile.open(file.resolveSibling(""), observer)) {
            part.write(ByteBuffer.wrap(bytes));
            part.force();
            part.rename(file);
        }
    }

    /** What a file says; null where it is not there, or cannot be read: then it is put aside, and said so. */
    private static <T> @Nullable T read(Path file, Class<T> type) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), type);
        } catch (NoSuchFileException none) {
            return null;
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            LOG.log(Level.WARNING, "{0} cannot be read and is kept as {1}", file, aside.getFileName());
            return null;
        }
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
