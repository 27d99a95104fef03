package dev.sallyport.kernel.market;

import dev.sallyport.kernel.plugin.PartFile;
import dev.sallyport.marketplace.IndexKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is remembered of marketplaces, in {@code data/marketplaces}: the newest index that was seen of each, which older
 * ones are refused by, and where each plugin came from. One that cannot be read is never taken for an empty one.
 */
final class MarketState {

    private static final JsonMapper JSON = new JsonMapper();

    /** A file's lock is that of the process: among its threads this one tells whose turn it is. */
    private static final ReentrantLock TURN = new ReentrantLock();

    private final Path folder;

    /** @param folder made when something is remembered */
    MarketState(Path folder) {
        this.folder = folder;
    }

    /** The newest index that was seen of a marketplace; null for none. */
    IndexKeys.@Nullable Seen seen(String market) throws MarketException {
        return seen(read(), market);
    }

    private static IndexKeys.@Nullable Seen seen(JsonNode root, String market) {
        JsonNode entry = root.path("seen").path(market);
        return entry.isMissingNode()
                ? null
                : new IndexKeys.Seen(
                        entry.path("version").longValue(), entry.path("sha256").asString(""));
    }

    /** The marketplace that a plugin was installed from first; null where it never was. */
    @Nullable
    String origin(String id) throws MarketException {
        JsonNode entry = read().path("origins").path(id);
        return entry.isString() ? entry.asString() : null;
    }

    /**
     * Remembers an index, and keeps its envelope.
     *
     * @throws MarketException also where another command has seen a newer one meanwhile, or another one of that version
     */
    void saw(String market, IndexKeys.Seen seen, byte[] envelope) throws MarketException {
        change(root -> {
            ObjectNode all = root.withObjectProperty("seen");
            IndexKeys.Seen known = seen(root, market);
            boolean same = known == null || known.sha256().equals(seen.sha256());
            if (known != null && (known.version() > seen.version() || (known.version() == seen.version() && !same))) {
                throw new MarketException("the index of the marketplace " + market + " has the version "
                        + seen.version() + ", and another command has seen "
                        + (known.version() > seen.version()
                                ? "version " + known.version()
                                : "another index of that version")
                        + " meanwhile; run this command again");
            }
            all.putObject(market).put("version", seen.version()).put("sha256", seen.sha256());
            write(file(), bytes(root));
            // After the version: without the envelope nothing is shown, without the version an old one would be taken.
            write(kept(market), envelope);
            return false;
        });
    }

    /** Remembers where a plugin came from. */
    void came(String id, String market) throws MarketException {
        if (!market.equals(origin(id))) {
            change(root -> {
                root.withObjectProperty("origins").put(id, market);
                return true;
            });
        }
    }

    /** The envelope of the newest index that was seen; null for none. */
    byte @Nullable [] envelope(String market) throws MarketException {
        Path file = kept(market);
        try {
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            throw new MarketException(file + " cannot be read (" + e + ")");
        }
    }

    /** Where the envelope of a marketplace is, if it is there. */
    Path kept(String market) {
        return folder.resolve(market + ".index.json");
    }

    private Path file() {
        return folder.resolve("state.json");
    }

    private ObjectNode read() throws MarketException {
        try {
            if (!Files.isRegularFile(file())) {
                return JSON.createObjectNode();
            }
            if (JSON.readTree(Files.readAllBytes(file())) instanceof ObjectNode object && isWhole(object)) {
                return object;
            }
        } catch (JacksonException e) {
            // said below
        } catch (IOException e) {
            throw new MarketException(file() + " cannot be read (" + e + ")");
        }
        throw new MarketException(file() + " is damaged: it tells which indexes were seen, so that no older one is"
                + " taken; restore it, or delete it if you know that nobody replays one");
    }

    /** Whether each value has its form: of another one, an old index might be taken. */
    private static boolean isWhole(ObjectNode root) {
        return isMap(root.path("seen"))
                && isMap(root.path("origins"))
                && root.path("seen")
                        .valueStream()
                        .allMatch(each -> each.path("version").isIntegralNumber()
                                && each.path("version").canConvertToLong()
                                && each.path("sha256").isString())
                && root.path("origins").valueStream().allMatch(JsonNode::isString);
    }

    private static boolean isMap(JsonNode node) {
        return node.isMissingNode() || node.isObject();
    }

    private interface Change {

        /** Whether what it made of the root is to be written. */
        boolean make(ObjectNode root) throws IOException, MarketException;
    }

    private static byte[] bytes(ObjectNode root) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    private void change(Change change) throws MarketException {
        TURN.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                // Whoever was writing here was killed.
                PartFile.sweep(folder);
                ObjectNode root = read();
                if (change.make(root)) {
                    write(file(), bytes(root));
                }
                lock.release();
            }
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            TURN.unlock();
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " has no folder");
        }
        try (PartFile part = PartFile.open(folder, PartFile.Observer.NONE)) {
            part.write(ByteBuffer.wrap(bytes));
            part.force();
            part.rename(file);
        }
    }

    private MarketException unwritable(IOException e) {
        return new MarketException(folder + " cannot be written (" + e + "), and without it nobody would notice an old"
                + " index; give this user the right to");
    }
}
