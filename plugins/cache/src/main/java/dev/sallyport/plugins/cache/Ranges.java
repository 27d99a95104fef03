package dev.sallyport.plugins.cache;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parts of a whole stored body (RFC 9110 §14). */
final class Ranges {

    /** Beyond these, or where they overlap, the whole is sent: asking so costs more than it. */
    private static final int MOST = 16;

    /** Of the bytes from 0: the first one and the last. */
    private record Range(int first, int last) {

        int length() {
            return last - first + 1;
        }
    }

    private Ranges() {}

    /**
     * The answer to a request for ranges of a response; null where the whole is to be sent.
     *
     * @param known by which {@code If-Range} is judged
     */
    static @Nullable Response of(Request request, Response whole, Headers known, Stored stored) {
        String asked = request.header("range");
        if (asked == null
                || stored.status() != 200
                || !request.method().equals("GET")
                || !Conditions.rangeFits(request, known)) {
            return null;
        }
        List<Range> ranges = parse(asked, stored.length());
        if (ranges == null) {
            return null;
        }
        if (ranges.isEmpty()) {
            Headers headers =
                    whole.headers().without("content-type").with("Content-Range", "bytes */" + stored.length());
            return Response.of(416, headers, Body.empty());
        }
        if (ranges.size() == 1) {
            Range range = ranges.getFirst();
            return Response.of(
                    206,
                    whole.headers().with("Content-Range", "bytes " + told(range, stored)),
                    Body.of(stored.bytes(), stored.offset() + range.first(), range.length()));
        }
        return several(ranges, whole, stored);
    }

    private static String told(Range range, Stored stored) {
        return range.first() + "-" + range.last() + "/" + stored.length();
    }

    private static Response several(List<Range> ranges, Response whole, Stored stored) {
        String boundary = UUID.randomUUID().toString();
        String type = whole.headers().get("content-type");
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (Range range : ranges) {
            String head = "\r\n--" + boundary + "\r\n" + (type == null ? "" : "Content-Type: " + type + "\r\n")
                    + "Content-Range: bytes " + told(range, stored) + "\r\n\r\n";
            parts.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
            parts.write(stored.bytes(), stored.offset() + range.first(), range.length());
        }
        parts.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return Response.of(
                206,
                whole.headers().with("Content-Type", "multipart/byteranges; boundary=" + boundary),
                Body.of(parts.toByteArray()));
    }

    /** Null where the field is to be ignored; empty where no range can be had. */
    private static @Nullable List<Range> parse(String field, int length) {
        int equals = field.indexOf('=');
        if (equals < 0
                || !field.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals("bytes")) {
            return null;
        }
        List<Range> ranges = new ArrayList<>();
        int asked = 0;
        for (String part : field.substring(equals + 1).split(",", -1)) {
            String spec = part.strip();
            int dash = spec.indexOf('-');
            if (dash < 0 || ++asked > MOST) {
                return null;
            }
            String from = spec.substring(0, dash);
            String to = spec.substring(dash + 1);
            long first = from.isEmpty() ? -1 : Directives.number(from, -2);
            long last = to.isEmpty() ? -1 : Directives.number(to, -2);
            if (first == -2 || last == -2 || (first == -1 && last == -1) || (first >= 0 && last >= 0 && last < first)) {
                return null;
            }
            if (first == -1) {
                if (last > 0 && length > 0) {
                    ranges.add(new Range((int) Math.max(0, length - last), length - 1));
                }
            } else if (first < length) {
                ranges.add(new Range((int) first, (int) (last < 0 ? length - 1 : Math.min(last, length - 1))));
            }
        }
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
                return null; // overlapping or out of order
            }
        }
        return ranges;
    }
}
