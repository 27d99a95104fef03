package dev.sallyport.kernel.http;

import dev.sallyport.api.Body;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request that somebody asks about, as a client would put it on the wire.
 *
 * @param listener the name of the one that would read it
 * @param peer the other end of the connection
 * @param target as it would stand in the request line
 * @param fields as they would stand in the head, {@code Host} among them
 * @param body what would follow the head; replayable
 */
public record Asked(String listener, InetAddress peer, String method, String target, List<Field> fields, Body body) {

    /** A header field. */
    public record Field(String name, String value) {}

    public Asked {
        fields = List.copyOf(fields);
        checkLine("the method", method);
        checkLine("the target", target);
        for (Field field : fields) {
            checkLine("a header's name", field.name());
            checkLine("the header " + field.name(), field.value());
        }
    }

    private static void checkLine(String what, String text) {
        if (text.isEmpty() && what.startsWith("the ") && !what.startsWith("the header")) {
            throw new IllegalArgumentException(what + " is empty (expected: some text)");
        }
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new IllegalArgumentException(what + " has a line break (expected: one line)");
        }
    }

    byte[] head() {
        StringBuilder head =
                new StringBuilder(256).append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        for (Field field : fields) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
