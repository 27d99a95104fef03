package dev.sallyport.api.message;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One message, whole: its fragments have been put together. Immutable. */
public sealed interface Message {

    /** How many bytes it carries, framing not counted. */
    int size();

    /** A text message with that content. */
    static Text text(String content) {
        return new Text(content.getBytes(StandardCharsets.UTF_8), content);
    }

    /** A binary message of those bytes, which must not be changed afterwards. */
    static Binary binary(byte[] content) {
        return new Binary(content);
    }

    /** A text message of a WebSocket; well-formed UTF-8. */
    final class Text implements Message {

        private final byte[] utf8;
        private @Nullable String content;

        private Text(byte[] utf8, @Nullable String content) {
            this.utf8 = utf8;
            this.content = content;
        }

        static Text of(byte[] bytes) throws CharacterCodingException {
            return new Text(bytes, Utf8.check(bytes));
        }

        /** What it says. */
        public String content() {
            String known = content;
            if (known == null) {
                known = new String(utf8, StandardCharsets.UTF_8);
                content = known;
            }
            return known;
        }

        /** The same in UTF-8; not to be changed. */
        public byte[] bytes() {
            return utf8;
        }

        @Override
        public int size() {
            return utf8.length;
        }
    }

    /** A binary message of a WebSocket. */
    final class Binary implements Message {

        private final byte[] content;

        private Binary(byte[] content) {
            this.content = content;
        }

        /** What it carries; not to be changed. */
        public byte[] bytes() {
            return content;
        }

        @Override
        public int size() {
            return content.length;
        }
    }

    /** A ping or a pong of a WebSocket. */
    final class Ping implements Message {

        private final boolean pong;
        private final byte[] content;

        Ping(boolean pong, byte[] content) {
            this.pong = pong;
            this.content = content;
        }

        /** Whether it is a pong. */
        public boolean isPong() {
            return pong;
        }

        @Override
        public int size() {
            return content.length;
        }

        byte[] bytes() {
            return content;
        }
    }

    /**
     * The end of a WebSocket, as one side says it.
     *
     * @param code the status code (RFC 6455 §7.4); {@link #NO_CODE} where it names none
     * @param reason up to 123 bytes of UTF-8; longer ones are cut
     */
    record Close(int code, String reason) implements Message {

        /** Stands for a close frame without a code; it is never sent. */
        public static final int NO_CODE = 1005;

        public Close {
            if (!isCode(code) && code != NO_CODE) {
                throw new IllegalArgumentException(
                        "close code: " + code + " (expected: 1000 to 1003, 1007 to 1014, or 3000 to 4999)");
            }
        }

        /** Whether a close frame may carry that code. */
        public static boolean isCode(int code) {
            return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        }

        @Override
        public int size() {
            return Utf8.cut(reason, Frame.LONGEST_REASON).length;
        }
    }

    /**
     * An event of an event stream (WHATWG HTML §9.2).
     *
     * @param data its lines, {@code \n} between them
     * @param event the type; null where it names none
     * @param id the id that a client comes back with; null where it names none
     * @param retry the milliseconds after which a client comes back; null where it names none
     */
    record Event(
            String data,
            @Nullable String event,
            @Nullable String id,
            @Nullable Long retry) implements Message {

        public Event {
            if (isBroken(event) || isBroken(id) || (id != null && id.indexOf('\0') >= 0)) {
                throw new IllegalArgumentException("event: a line end in its type or id");
            }
        }

        private static boolean isBroken(@Nullable String field) {
            return field != null && (field.indexOf('\n') >= 0 || field.indexOf('\r') >= 0);
        }

        /** An event of no type and id. */
        public Event(String data) {
            this(data, null, null, null);
        }

        /** This event with other data. */
        public Event withData(String other) {
            return new Event(other, event, id, retry);
        }

        @Override
        public int size() {
            return Utf8.length(data);
        }
    }
}
