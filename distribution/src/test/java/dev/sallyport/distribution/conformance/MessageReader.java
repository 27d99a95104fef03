package dev.sallyport.distribution.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads messages of HTTP/1.1 from a connection and notes whatever is not strictly as RFC 9112 has it. */
final class MessageReader {

    private static final Pattern CASE = Pattern.compile("(?i)\ncase:\\s*([a-z0-9-]+)");

    private final InputStream in;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private IOException end;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /** Why it cannot read on; null at an orderly end. */
    IOException failure() {
        return end;
    }

    /** The case that the bytes of the last head name; null where they name none. */
    String caseOfHead() {
        Matcher matcher = CASE.matcher(Case.text(head.toByteArray()));
        return matcher.find() ? matcher.group(1) : null;
    }

    /** Reads one head; null where the connection ended before. */
    Message head() {
        head.reset();
        int last = 0;
        while (true) {
            int b = one();
            if (b < 0) {
                return null;
            }
            head.write(b);
            last = b == '\n' ? (last & 0x0f) + 1 : b == '\r' ? last : 0;
            if (last == 2) {
                break;
            }
        }
        Message message = new Message();
        String text = Case.text(head.toByteArray());
        String[] lines = text.split("\r\n", -1);
        message.line = lines[0];
        if (!text.endsWith("\r\n\r\n") || String.join("", lines).matches("(?s).*[\r\n\0].*")) {
            message.problems.add("a bare CR, LF or NUL in the head");
        }
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            field(lines[i], message, message.fields);
        }
        List<String> lengths = message.all("content-length");
        List<String> codings = message.all("transfer-encoding");
        if (lengths.size() > 1 || (!lengths.isEmpty() && !codings.isEmpty()) || codings.size() > 1) {
            message.problems.add("framed twice: " + lengths + codings);
        }
        if (!lengths.isEmpty() && !lengths.getFirst().matches("[0-9]+")) {
            message.problems.add("the length is no number: " + lengths);
        }
        if (!codings.isEmpty() && !codings.getFirst().equalsIgnoreCase("chunked")) {
            message.problems.add("the coding is not chunked: " + codings);
        }
        return message;
    }

    private static void field(String line, Message message, List<Message.Field> into) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? line : line.substring(0, colon);
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || colon < 0) {
            message.problems.add("no field: " + line);
        }
        into.add(new Message.Field(
                name, colon < 0 ? "" : line.substring(colon + 1).replaceAll("^[ \t]+|[ \t]+$", "")));
    }

    /** Reads the body behind a head of a request. */
    void body(Message message) {
        body(message, false);
    }

    private void body(Message message, boolean toTheEnd) {
        List<String> lengths = message.all("content-length");
        if (!message.all("transfer-encoding").isEmpty()) {
            chunks(message);
        } else if (!lengths.isEmpty() && lengths.getFirst().matches("[0-9]{1,9}")) {
            message.whole = take(message, Integer.parseInt(lengths.getFirst()));
        } else if (lengths.isEmpty() && toTheEnd) {
            for (int b = one(); b >= 0; b = one()) {
                message.body.append((char) b);
            }
            message.whole = end == null;
        } else {
            message.whole = lengths.isEmpty();
        }
    }

    private void chunks(Message message) {
        while (true) {
            String size = line();
            if (size == null) {
                return;
            }
            if (!size.matches("[0-9A-Fa-f]{1,7}(;.*)?")) {
                message.problems.add("a chunk's size is " + size);
                return;
            }
            int count = Integer.parseInt(size.split(";", 2)[0], 16);
            if (count == 0) {
                break;
            }
            if (!take(message, count)) {
                return;
            }
            String after = line();
            if (after == null) {
                return;
            }
            if (!after.isEmpty()) {
                message.problems.add("a chunk is longer than its size");
                return;
            }
        }
        for (String line = line(); line != null; line = line()) {
            if (line.isEmpty()) {
                message.whole = true;
                return;
            }
            field(line, message, message.trailers);
        }
    }

    private boolean take(Message message, int count) {
        for (int i = 0; i < count; i++) {
            int b = one();
            if (b < 0) {
                return false;
            }
            message.body.append((char) b);
        }
        return true;
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int b = one(); b >= 0; b = one()) {
            if (b == '\n' && !line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                return line.substring(0, line.length() - 1);
            }
            line.append((char) b);
        }
        return null;
    }

    /** The next byte; -1 at the end. */
    int one() {
        if (end != null) {
            return -1;
        }
        try {
            return in.read();
        } catch (IOException e) {
            end = e;
            return -1;
        }
    }

    /**
     * Reads a response, interim or final; null where the connection ended before.
     *
     * @param method of the request
     * @param onHead hears of the head before the body is read
     */
    Message response(String method, Consumer<Message> onHead) {
        Message message = head();
        if (message == null) {
            return null;
        }
        if (!message.line.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?")) {
            message.problems.add("the status line is " + message.line);
            message.line = "HTTP/1.1 999 " + message.line;
            return message;
        }
        onHead.accept(message);
        int status = message.status();
        if (status < 200
                || status == 204
                || status == 304
                || method.toUpperCase(Locale.ROOT).equals("HEAD")) {
            message.whole = true;
        } else {
            body(message, true);
        }
        return message;
    }
}
