package dev.sallyport.testgateway;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came back over the wire.
 *
 * @param fields by name, without regard to case; those of one name joined by a comma
 */
record WireAnswer(int status, Map<String, String> fields) {

    /** Sends a request as it stands, and reads to the end of the connection. */
    static WireAnswer to(URI address, String method, String target, List<Map.Entry<String, String>> fields, int body)
            throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        fields.forEach(field -> request.append(field.getKey() + ": " + field.getValue() + "\r\n"));
        request.append("\r\n").append("x".repeat(body));
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static WireAnswer of(String text) {
        String[] lines = text.split("\r\n\r\n", 2)[0].split("\r\n");
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            fields.merge(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        String[] words = lines[0].split(" ", 3);
        return new WireAnswer(words.length > 1 ? Integer.parseInt(words[1]) : 0, fields);
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }
}
