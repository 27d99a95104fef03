package dev.sallyport.plugins.elk;

import dev.sallyport.api.Json;
import java.util.Map;

/** Short texts for logs and files. */
final class Texts {

    private static final int MOST = 400;

    private Texts() {}

    /** A JSON string. */
    static String quoted(String text) {
        String object = Json.write(Map.of("", text));
        return object.substring("{\"\":".length(), object.length() - 1);
    }

    /** On one line, and not long. */
    static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MOST ? line : line.substring(0, MOST) + "...";
    }
}
