package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.http.SideServer.Answer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who changed what, and when: {@code data/audit.log}, a line of JSON each, readable by its owner alone. Thread-safe.
 *
 * <ol>
 *   <li>Lines are appended, never changed; each is on the disk when the call returns.
 *   <li>A line that a stopped machine left half is passed over; the next one begins on a line of its own.
 *   <li>The file may be moved away at any time: the next line begins a new one.
 * </ol>
 */
public final class AuditLog {

    private static final System.Logger LOG = System.getLogger("admin");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DEFAULT_LISTED = 50;
    private static final int MOST_LISTED = 1000;
    private static final int BLOCK = 16 << 10;

    private final Path file;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final boolean posix;

    /** @param data the gateway's own folder */
    public AuditLog(Path data, Clock clock) throws IOException {
        this.file = data.resolve("audit.log");
        this.clock = clock;
        this.posix = Files.getFileStore(data).supportsFileAttributeView("posix");
    }

    /** What came of a call. */
    void add(Call call, Resource resource, int status, @Nullable String why) {
        ObjectNode line = line(call.caller().name(), resource.name());
        line.put("resource", call.subject());
        line.put("outcome", status < 400 ? "done" : "refused");
        if (why != null) {
            line.put("reason", why);
        }
        line.setAll(call.details());
        append(line);
    }

    /**
     * What came of a change, by whoever.
     *
     * @param record the generation that came of it; null where it was refused
     * @param diff how what is written differs from before, a line for each key
     */
    public void add(Change change, ReloadResult result, @Nullable GenerationRecord record, List<String> diff) {
        ObjectNode line = line(change.author(), "generation");
        line.put("resource", change.reason());
        line.put("outcome", result.applied() ? "done" : "refused");
        if (!change.message().isEmpty()) {
            line.put("message", change.message());
        }
        line.put("generation", result.generation());
        if (record != null && result.applied()) {
            record.changes().forEach(line.putArray("changes")::add);
            diff.forEach(line.putArray("diff")::add);
        }
        String reason = result.problems().stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .map(ConfigProblem::toString)
                .findFirst()
                .orElse(null);
        if (reason != null) {
            line.put("reason", reason);
        }
        append(line);
    }

    /**
     * What pages have to say.
     *
     * @param why it was refused; null where it was done
     */
    void add(String who, String resource, String action, @Nullable String why) {
        ObjectNode line = line(who, action).put("resource", resource).put("outcome", why == null ? "done" : "refused");
        if (why != null) {
            line.put("reason", why);
        }
        append(line);
    }

    private ObjectNode line(String who, String action) {
        return JSON.createObjectNode()
                .put("at", clock.instant().toString())
                .put("who", who)
                .put("action", action);
    }

    private void append(ObjectNode line) {
        byte[] text = (line + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0])) {
            long end = channel.size();
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean torn = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
            ByteBuffer bytes = ByteBuffer.allocate(text.length + 1);
            if (torn) {
                bytes.put((byte) '\n');
            }
            bytes.put(text).flip();
            channel.position(end);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "{0} cannot be written ({1}); missing there: {2}", file, e, line);
        } finally {
            lock.unlock();
        }
    }

    /** The resource that lists it, newest first. */
    public Resource resource() {
        return Resource.get("listAudit", "/v1/audit", "Who changed what, and when; newest first.", this::list)
                .with(
                        Resource.Parameter.of("limit", "The most lines to list, 50 if not given."),
                        Resource.Parameter.of("before", "Only those before; the header Link names the next."));
    }

    private Answer list(Call call) throws IOException, RefusedCallException {
        Long limit = call.number("limit");
        Long before = call.number("before");
        int most = limit == null ? DEFAULT_LISTED : (int) Math.min(limit, MOST_LISTED);
        Page page = newest(most, before);
        Answer answer = Answer.json(200, page.lines().toString());
        return page.next() == 0
                ? answer
                : answer.withHeader("link", "</v1/audit?limit=" + most + "&before=" + page.next() + ">; rel=\"next\"");
    }

    /** Lines, newest first, and the place in the file where the next page ends; 0 for no more. */
    record Page(ArrayNode lines, long next) {}

    /** The last lines before a place in the file. */
    Page newest(int most, @Nullable Long before) throws IOException {
        ArrayNode lines = JSON.createArrayNode();
        if (!Files.exists(file)) {
            return new Page(lines, 0);
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = before == null ? in.length() : Math.min(before, in.length());
            while (end > 0 && lines.size() < most) {
                long start = startOfLine(in, end);
                byte[] line = new byte[(int) (end - start)];
                in.seek(start);
                in.readFully(line);
                add(new String(line, StandardCharsets.UTF_8), lines);
                end = start;
            }
            return new Page(lines, end);
        }
    }

    /** Where the line begins whose end, with its line feed, is there. */
    private static long startOfLine(RandomAccessFile in, long end) throws IOException {
        long block = end - 1;
        while (block > 0) {
            int length = (int) Math.min(BLOCK, block);
            byte[] bytes = new byte[length];
            in.seek(block - length);
            in.readFully(bytes);
            for (int i = length - 1; i >= 0; i--) {
                if (bytes[i] == '\n') {
                    return block - length + i + 1;
                }
            }
            block -= length;
        }
        return 0;
    }

    private static void add(String line, ArrayNode lines) {
        try {
            JsonNode read = JSON.readTree(line);
            if (read.isObject()) {
                lines.add(read);
            }
        } catch (JacksonException torn) {
            LOG.log(System.Logger.Level.DEBUG, "a half line in the audit log", torn);
        }
    }
}
