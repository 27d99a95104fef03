package dev.sallyport.plugins.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
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

    /** Called by another thread where a write is stuck: makes it fail, where that can be done. */
    default void abandon() {}

    /**
     * A stream of the process, which is not ours to close.
     *
     * @param stream one that fails where it cannot write, which a {@link java.io.PrintStream} does not
     */
    static Output of(OutputStream stream) {
        return lines -> {
            byte[] bytes = joined(lines);
            stream.write(bytes);
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
