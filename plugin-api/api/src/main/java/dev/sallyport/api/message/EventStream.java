package dev.sallyport.api.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event stream (WHATWG HTML §9.2) whose events are seen as they are read. An event that was not changed passes byte for
 * byte, and so do comments. It holds one event at most. For one thread.
 */
final class EventStream extends InputStream implements Conversation {

    private static final int PART = 8192;

    private InputStream in = InputStream.nullInputStream();
    private MessageFilter filter = (message, from, conversation) -> message;
    private final int most;
    private final byte[] part = new byte[PART];
    private byte[] ready = {};
    private int readyAt;

    private byte[] block = new byte[256];
    private int count;
    private int lineStart;
    private boolean afterCr;
    private boolean started;
    private volatile boolean ended;
    private final Fields fields = new Fields();
    private volatile @Nullable Thread seeing;
    private ByteArrayOutputStream passed = new ByteArrayOutputStream();

    EventStream(int most) {
        this.most = most;
    }

    /** Who sees its events. */
    void seenBy(MessageFilter by) {
        filter = by;
    }

    /** What it is read from. */
    EventStream from(InputStream bytes) {
        in = bytes;
        return this;
    }

    /** The fields of the event under way. */
    private static final class Fields {

        @Nullable
        StringBuilder data;

        @Nullable
        String event;

        @Nullable
        String id;

        @Nullable
        Long retry;

        void clear() {
            data = null;
            event = null;
            id = null;
            retry = null;
        }

        void add(String name, String value) {
            switch (name) {
                case "data" -> {
                    StringBuilder known = data;
                    data = known == null
                            ? new StringBuilder(value)
                            : known.append('\n').append(value);
                }
                case "event" -> event = value;
                case "id" -> id = value.indexOf('\0') < 0 ? value : id;
                case "retry" -> retry = value.length() <= 18 && value.matches("[0-9]+") ? Long.valueOf(value) : retry;
                default -> {
                    // clients ignore other fields
                }
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (readyAt == ready.length) {
            int read = ended ? -1 : in.read(part, 0, part.length);
            if (read < 0) {
                return -1; // an event that has not ended is none (§9.2.6)
            }
            take(read);
            ready = passed.toByteArray();
            readyAt = 0;
            passed = new ByteArrayOutputStream();
        }
        int given = Math.min(length, ready.length - readyAt);
        System.arraycopy(ready, readyAt, bytes, offset, given);
        readyAt += given;
        return given;
    }

    private void take(int length) throws IOException {
        for (int i = 0; i < length && !ended; i++) {
            byte one = part[i];
            if (one == '\n' && afterCr) {
                afterCr = false;
                if (count == 0) {
                    passed.write(one); // it belongs to the empty line that ended an event
                } else {
                    add(one);
                    lineStart = count;
                }
                continue;
            }
            afterCr = one == '\r';
            add(one);
            if (one == '\n' || one == '\r') {
                line(count - 1);
            }
        }
    }

    private void add(byte one) throws IOException {
        if (count == block.length) {
            block = Arrays.copyOf(block, 2 * block.length);
        }
        block[count++] = one;
        if (count > 8L * most + 1024) { // names of fields and line ends; the event's own size is judged below
            throw new IOException("an event of more than " + most + " bytes");
        }
    }

    private void line(int end) throws IOException {
        int start = lineStart;
        lineStart = count;
        if (!started) {
            started = true;
            if (end - start >= 3
                    && (block[start] & 0xff) == 0xef
                    && (block[start + 1] & 0xff) == 0xbb
                    && (block[start + 2] & 0xff) == 0xbf) {
                start += 3;
            }
        }
        if (end > start) {
            field(start, end);
            return;
        }
        dispatch();
        count = 0;
        lineStart = 0;
        fields.clear();
        if (block.length > 64 << 10) {
            block = new byte[256];
        }
    }

    private void field(int start, int end) throws IOException {
        String line;
        try {
            line = Utf8.decode(block, start, end - start);
        } catch (CharacterCodingException e) {
            throw new IOException("an event that is not UTF-8", e);
        }
        int colon = line.indexOf(':');
        if (colon == 0
                && start == 0) { // a comment before any field: a sign of life that must not wait for the next event
            passed.write(block, 0, count);
            count = 0;
            lineStart = 0;
            return;
        }
        if (colon != 0) { // else a comment
            int value = colon < 0 ? line.length() : line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
            fields.add(colon < 0 ? line : line.substring(0, colon), line.substring(value));
        }
    }

    private void dispatch() throws IOException {
        StringBuilder data = fields.data;
        if (data == null) {
            passed.write(block, 0, count); // comments, or fields without data: no event (§9.2.6)
            return;
        }
        Message.Event event = new Message.Event(data.toString(), fields.event, fields.id, fields.retry);
        if (event.size() > most) {
            throw new IOException("an event of more than " + most + " bytes");
        }
        Message result;
        seeing = Thread.currentThread();
        try {
            result = filter.message(event, Sender.UPSTREAM, this);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("an event could not be judged: " + e.getMessage(), e);
        } finally {
            seeing = null;
        }
        if (event.equals(result)) {
            passed.write(block, 0, count);
        } else if (result != null) {
            write(result);
        }
    }

    private void write(Message message) {
        if (!(message instanceof Message.Event event)) {
            throw new IllegalArgumentException("a message of a WebSocket in an event stream (expected: an event)");
        }
        StringBuilder text = new StringBuilder(event.data().length() + 64);
        add(text, "event", event.event());
        add(text, "id", event.id());
        add(text, "retry", event.retry());
        event.data().lines().forEach(line -> add(text, "data", line));
        if (event.data().isEmpty() || event.data().endsWith("\n")) {
            add(text, "data", ""); // lines() leaves the last, empty one out
        }
        passed.writeBytes(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void add(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(name).append(": ").append(value).append('\n');
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very thread
    public boolean send(Sender from, Message message) {
        if (from == Sender.CLIENT || ended || seeing != Thread.currentThread()) {
            return false;
        }
        write(message);
        return true;
    }

    @Override
    public void close(int code, String reason) {
        ended = true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
