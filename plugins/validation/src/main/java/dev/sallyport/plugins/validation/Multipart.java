package dev.sallyport.plugins.validation;

import dev.sallyport.plugins.validation.Style.NotInStyleException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code multipart/form-data} (RFC 7578) that is in memory. */
final class Multipart {

    private static final int MOST_PARTS = 1_000;

    private Multipart() {}

    /**
     * One part.
     *
     * @param type null where it does not say
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(String name, boolean isFile, @Nullable MediaType type, byte[] content) {}

    /** The parts of a body. */
    static List<Part> read(byte[] body, @Nullable String boundary) throws NotInStyleException {
        if (boundary == null || boundary.isEmpty() || boundary.length() > 70) {
            throw new NotInStyleException("has no boundary in its Content-Type");
        }
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        byte[] first = Arrays.copyOfRange(delimiter, 2, delimiter.length);
        int at = startsWith(body, 0, first) ? first.length : after(body, delimiter, 0);
        List<Part> parts = new ArrayList<>();
        while (at >= 0 && !startsWith(body, at, new byte[] {'-', '-'})) {
            int line = indexOf(body, new byte[] {'\r', '\n'}, at);
            int next = line < 0 ? -1 : indexOf(body, delimiter, line);
            if (next < 0) {
                throw new NotInStyleException("breaks off within a part");
            }
            if (parts.size() == MOST_PARTS) {
                throw new NotInStyleException("has more than " + MOST_PARTS + " parts");
            }
            parts.add(part(Arrays.copyOfRange(body, line, next)));
            at = next + delimiter.length;
        }
        if (at < 0) {
            throw new NotInStyleException("has no part");
        }
        return parts;
    }

    private static Part part(byte[] part) throws NotInStyleException {
        int end = indexOf(part, new byte[] {'\r', '\n', '\r', '\n'}, 0);
        if (end < 0) {
            throw new NotInStyleException("has a part without an empty line after its head");
        }
        String name = null;
        boolean isFile = false;
        MediaType type = null;
        for (String line : new String(part, 0, end, StandardCharsets.UTF_8).split("\r\n", 100)) {
            int colon = line.indexOf(':');
            String field = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (field.equals("content-type")) {
                type = MediaType.parse(line.substring(colon + 1));
            }
            if (field.equals("content-disposition")) {
                for (String parameter : MediaType.split(line.substring(colon + 1))) {
                    int equals = parameter.indexOf('=');
                    String key = equals < 0
                            ? ""
                            : parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                    isFile |= key.equals("filename") || key.equals("filename*");
                    if (key.equals("name")) {
                        name = MediaType.unquoted(
                                parameter.substring(equals + 1).strip());
                    }
                }
            }
        }
        if (name == null) {
            throw new NotInStyleException("has a part without a name");
        }
        return new Part(name, isFile, type, Arrays.copyOfRange(part, end + 4, part.length));
    }

    private static int after(byte[] bytes, byte[] text, int from) {
        int at = indexOf(bytes, text, from);
        return at < 0 ? -1 : at + text.length;
    }

    private static int indexOf(byte[] bytes, byte[] text, int from) {
        for (int i = from; i <= bytes.length - text.length; i++) {
            if (startsWith(bytes, i, text)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] text) {
        return from + text.length <= bytes.length
                && Arrays.equals(bytes, from, from + text.length, text, 0, text.length);
    }
}
