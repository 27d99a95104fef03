package dev.sallyport.kernel.market;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Where the files of a marketplace are: behind a web server, in a folder or in a bundle. None of it is trusted. */
interface MarketFiles extends AutoCloseable {

    /**
     * A file that is being read.
     *
     * @param from at which byte it begins: where it was asked for, or 0
     * @param validator tells this content of the file from another one; {@code ""} for none
     */
    record Opened(InputStream in, long from, String validator) implements Closeable {

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /**
     * Opens a file.
     *
     * @param file its path below the index
     * @param from the byte to begin at; whoever cannot begin there begins at 0
     * @param validator what was told with the bytes before that one: where the file has changed since, it begins at 0
     * @return null where there is no such file
     */
    @Nullable
    Opened open(String file, long from, String validator) throws IOException, MarketException;

    /** A file that is read from there on; closed where that cannot be. */
    static Opened skipping(InputStream in, long from) throws IOException {
        boolean good = false;
        try {
            in.skipNBytes(from);
            good = true;
            return new Opened(in, from, "");
        } finally {
            if (!good) {
                in.close();
            }
        }
    }

    /** Where that is, for people. */
    String place(String file);

    @Override
    void close();
}
