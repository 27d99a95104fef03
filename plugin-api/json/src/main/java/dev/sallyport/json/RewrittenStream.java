package dev.sallyport.json;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a stream as a rewriter leaves them: what has come is passed on before more is waited for. Where they are bad it
 * breaks off, and never ends. For one thread.
 */
final class RewrittenStream extends InputStream {

    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final Rewriter rewriter;
    private final byte[] chunk = new byte[CHUNK];
    private int given;
    private boolean over;
    private @Nullable IOException failure;

    RewrittenStream(InputStream in, Rewriter rewriter) {
        this.in = in;
        this.rewriter = rewriter;
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
        Bytes out = rewriter.out();
        while (given == out.size()) {
            out.clear();
            given = 0;
            if (failure != null) {
                throw failure;
            }
            if (over) {
                return -1;
            }
            more();
        }
        int count = Math.min(length, out.size() - given);
        out.copy(given, bytes, offset, count);
        given += count;
        return count;
    }

    private void more() throws IOException {
        try {
            int read = in.read(chunk);
            if (read < 0) {
                over = true;
                rewriter.end();
            } else {
                rewriter.feed(chunk, 0, read);
            }
        } catch (IOException e) {
            failure = e;
            rewriter.out().clear(); // of what is broken nothing more is passed on
            throw e;
        }
    }

    @Override
    public int available() throws IOException {
        return rewriter.out().size() - given;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
