package dev.sallyport.plugins.compress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The bytes of a stream, compressed as they come: what has come is passed on before more is waited for, so that events
 * arrive when they are sent. For one thread.
 */
final class CompressedBody extends InputStream {

    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final Drained drained = new Drained();
    private final OutputStream encoder;
    private final byte[] chunk = new byte[CHUNK];
    private int given;
    private boolean over;

    /** What has come out of the encoder. */
    private static final class Drained extends ByteArrayOutputStream {

        int give(byte[] to, int offset, int from, int length) {
            int given = Math.min(length, count - from);
            System.arraycopy(buf, from, to, offset, given);
            return given;
        }
    }

    CompressedBody(InputStream in, Coding coding, int level) {
        this.in = in;
        try {
            encoder = coding.onto(drained, level);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (given == drained.size()) {
            if (over) {
                return -1;
            }
            drained.reset();
            given = 0;
            more();
        }
        int count = drained.give(bytes, offset, given, length);
        given += count;
        return count;
    }

    private void more() throws IOException {
        int read = in.read(chunk);
        while (read > 0) {
            encoder.write(chunk, 0, read);
            if (drained.size() >= CHUNK) {
                return;
            }
            if (in.available() == 0) {
                encoder.flush();
                return;
            }
            read = in.read(chunk);
        }
        if (read < 0) {
            over = true;
            encoder.close();
        }
    }

    @Override
    public int available() throws IOException {
        return drained.size() - given + (over ? 0 : in.available());
    }

    @Override
    public void close() throws IOException {
        try (in) {
            if (!over) {
                over = true;
                encoder.close(); // it holds memory that is not of the heap
            }
        }
    }
}
