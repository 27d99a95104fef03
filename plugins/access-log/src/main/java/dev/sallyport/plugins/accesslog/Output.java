package dev.sallyport.plugins.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Takes whole lines; used by one thread, but closed by another. */
interface Output extends Closeable {

    /**
     * Writes all of them, or fails.
     *
     * @param lines each without its end
     */
    void write(List<String> lines) throws IOException;

    @Override
    default void close() throws IOException {}

    /** A stream of the process, which is not ours to close. */
    static Output of(PrintStream stream) {
        return lines -> {
            byte[] bytes = joined(lines);
            stream.write(bytes, 0, bytes.length);
            stream.flush();
        };
    }

    /** The lines with their ends, in UTF-8. */
    static byte[] joined(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
