package dev.sallyport.plugins.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;

/** Takes whole lines; used by one thread. */
interface Output extends Closeable {

    void write(byte[] lines) throws IOException;

    @Override
    default void close() throws IOException {}

    /** A stream of the process, which is not ours to close. */
    static Output of(PrintStream stream) {
        return lines -> {
            stream.write(lines, 0, lines.length);
            stream.flush();
        };
    }
}
