package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Headers;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads heads of responses (RFC 9112 §4, §5) strictly: what two readers could understand in two ways is refused, since that
 * is how responses are smuggled (RFC 9112 §11). One head after the other; not thread-safe.
 */
final class ResponseHeadReader {

    private static final int USUAL = 2 * 1024;

    /** Longer heads are read in an array of their own. */
    private final byte[] room = new byte[USUAL];

    private byte[] bytes = room;
    private int size;

    /** Name, value, name, value, … */
    private String[] texts = new String[64];

    private int used;
    private long length;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private @Nullable List<String> named;

    /**
     * Reads a head that is whole.
     *
     * @param end from {@link ResponseHead#end}; the buffer's position is there afterwards
     * @param upgrades whether the request has asked for another protocol
     */
    ResponseHead read(ByteBuffer buffer, int end, boolean upgrades) throws ProtocolException {
        int count = end - buffer.position();
        begin(count <= room.length ? room : new byte[count], count);
        buffer.get(bytes, 0, count);
        try {
            return read(upgrades);
        } finally {
            bytes = room; // this reader is kept; the array of a long head is not
        }
    }

    /** Reads the fields after the last chunk, which are whole. */
    Headers trailers(byte[] fields) throws ProtocolException {
        begin(fields, fields.length);
        return fields(0, false);
    }

    private void begin(byte[] in, int count) {
        bytes = in;
        size = count;
        used = 0;
        length = -1;
        chunked = false;
        close = false;
        keepAlive = false;
        named = null;
    }

    private ResponseHead read(boolean upgrades) throws ProtocolException {
        int lineEnd = lineEnd(0);
        if (lineEnd < 12
                || digit(7) < 0
                || bytes[8] != ' '
                || (lineEnd > 12 && bytes[12] != ' ')
                || digit(9) < 1
                || digit(10) < 0
                || digit(11) < 0) {
            throw new ProtocolException("its first line is " + text(0, Math.min(lineEnd, 40)));
        }
        int minor = digit(7);
        int status = digit(9) * 100 + digit(10) * 10 + digit(11);
        if (status > 599) {
            throw new ProtocolException("its status is " + status);
        }
        boolean switched = status == 101;
        if (switched && !upgrades) {
            throw new ProtocolException("its status is 101 that was not asked for");
        }
        Headers fields = fields(lineEnd + 2, switched);
        if (chunked && (length >= 0 || minor == 0)) {
            throw new ProtocolException("it has both a length and chunks, or chunks in HTTP/1.0");
        }
        boolean keeps = !close && (minor > 0 || keepAlive);
        return new ResponseHead(status, fields, length, chunked, keeps);
    }

    /** The fields from there to the empty line. */
    private Headers fields(int start, boolean switched) throws ProtocolException {
        int at = start;
        try {
            for (int end = lineEnd(at); end > at; end = lineEnd(at)) {
                field(at, end, switched);
                at = end + 2;
            }
            Headers fields = headers();
            if (named != null) {
                for (String name : named) {
                    fields = switched && name.equals("upgrade") ? fields : fields.without(name);
                }
            }
            return fields;
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(String.valueOf(e.getMessage()));
        }
    }

    private void add(String name, String value) {
        if (used == texts.length) {
            texts = Arrays.copyOf(texts, 2 * used);
        }
        texts[used++] = name;
        texts[used++] = value;
    }

    private Headers headers() {
        Headers.Builder headers = Headers.builder(used / 2);
        for (int i = 0; i < used; i += 2) {
            headers.add(texts[i], texts[i + 1]);
        }
        return headers.build();
    }

    private int lineEnd(int from) throws ProtocolException {
        for (int i = from; i < size; i++) {
            if (bytes[i] == '\n') {
                if (i == from || bytes[i - 1] != '\r') {
                    throw new ProtocolException("a line of it does not end with CR and LF");
                }
                return i - 1;
            }
        }
        throw new ProtocolException("it has no end");
    }

    private void field(int start, int end, boolean switched) throws ProtocolException {
        int colon = start;
        while (colon < end && bytes[colon] != ':') {
            colon++;
        }
        if (colon == end || colon == start || isSpace(bytes[start])) {
            throw new ProtocolException("a line of its head is no field: " + text(start, Math.min(end, start + 40)));
        }
        int from = colon + 1;
        int to = end;
        while (from < to && isSpace(bytes[from])) {
            from++;
        }
        while (to > from && isSpace(bytes[to - 1])) {
            to--;
        }
        String name = UsualTexts.of(bytes, start, colon);
        String value = UsualTexts.of(bytes, from, to);
        if (!isOfTheConnection(name, value, switched)) {
            add(name, value);
        }
    }

    /** Notes what a field says of the connection or the framing, and whether that is all that it says. */
    private boolean isOfTheConnection(String name, String value, boolean switched) throws ProtocolException {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("upgrade") && !switched;
            case 10 -> name.equalsIgnoreCase("keep-alive") || isConnection(name, value);
            case 14 -> {
                if (name.equalsIgnoreCase("content-length")) {
                    length(value);
                }
                yield false;
            }
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding") && isChunked(value);
            default -> false;
        };
    }

    private boolean isChunked(String value) throws ProtocolException {
        if (chunked || !value.equalsIgnoreCase("chunked")) {
            throw new ProtocolException("its transfer encoding is " + value);
        }
        chunked = true;
        return true;
    }

    private boolean isConnection(String name, String value) {
        if (!name.equalsIgnoreCase("connection")) {
            return false;
        }
        switch (value) {
            case "close" -> close = true;
            case "keep-alive" -> keepAlive = true;
            default -> connection(value);
        }
        return true;
    }

    private void connection(String value) {
        for (String token : value.split(",", -1)) {
            String option = token.strip().toLowerCase(Locale.ROOT);
            switch (option) {
                case "" -> {}
                case "close" -> close = true;
                case "keep-alive" -> keepAlive = true;
                default -> {
                    if (named == null) {
                        named = new ArrayList<>();
                    }
                    named.add(option);
                }
            }
        }
    }

    private void length(String value) throws ProtocolException {
        long number = 0;
        if (value.isEmpty() || value.length() > 18) {
            throw new ProtocolException("its length is " + value);
        }
        for (int i = 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new ProtocolException("its length is " + value);
            }
            number = number * 10 + digit;
        }
        if (length >= 0 && length != number) {
            throw new ProtocolException("it has the lengths " + length + " and " + number);
        }
        length = number;
    }

    private int digit(int at) {
        int digit = bytes[at] - '0';
        return digit <= 9 ? digit : -1;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
