package dev.sallyport.json;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Takes gzip or deflate off (RFC 9110 §8.4.1) as the bytes come. What grows out of all proportion is broken off: a body that
 * has come out at {@value #FREE} bytes or more may be at most {@value #RATIO} times as long as it went in. For one thread.
 */
final class Decoding extends InputStream {

    /** How many bytes may come out however few went in. */
    static final long FREE = 1 << 20;

    /** How many times as many bytes may come out, beyond that. */
    static final long RATIO = 100;

    private final Counted source;
    private final String coding;
    private final @Nullable Inflater inflater;
    private @Nullable InputStream plain;
    private long given;

    private Decoding(InputStream in, String coding) {
        source = new Counted(in);
        this.coding = coding;
        inflater = coding.equals("deflate") ? new Inflater() : null;
    }

    /** The coding that a header names, in the one way of writing it; {@code ""} for none, null for one that cannot be taken off. */
    static @Nullable String known(String header) {
        return switch (header.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> "";
            case "gzip", "x-gzip" -> "gzip";
            case "deflate" -> "deflate";
            default -> null;
        };
    }

    /** The stream without that coding. */
    static InputStream of(InputStream in, String coding) {
        return coding.isEmpty() ? in : new Decoding(in, coding);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read;
        try {
            if (plain == null) { // not before somebody reads: it waits for the first bytes
                plain = inflater == null ? new GZIPInputStream(source) : new InflaterInputStream(source, inflater);
            }
            read = plain.read(bytes, offset, length);
        } catch (ZipException | EOFException e) {
            throw source.failed ? e : BadContentException.coding();
        }
        if (read > 0) {
            given += read;
            if (given > FREE && given / RATIO > source.count) {
                throw BadContentException.tooLarge(
                        "it is more than " + RATIO + " times as long as what was sent in " + coding);
            }
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        try (source) {
            if (plain != null) {
                plain.close();
            }
        } finally {
            if (inflater != null) {
                inflater.end();
            }
        }
    }

    /** Counts, and tells failures of the connection from those of the coding. */
    private static final class Counted extends InputStream {

        private final InputStream in;
        private long count;
        private boolean failed;

        Counted(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int read = in.read(bytes, offset, length);
                count += Math.max(read, 0);
                return read;
            } catch (IOException e) {
                failed = true;
                throw e;
            }
        }

        @Override
        public int available() throws IOException {
            return in.available(); // whether another gzip member follows
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
