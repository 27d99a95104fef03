package dev.sallyport.plugins.requestsize;

import dev.sallyport.api.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Breaks off when more than so many bytes have come. Of the bytes that are too many none is passed on, so that no reader
 * takes what is at the limit for the whole. For one thread.
 */
final class CountedStream extends FilterInputStream {

    private final long max;
    private long left;

    CountedStream(InputStream in, long max) {
        super(in);
        this.max = max;
        left = max;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
            count(1);
        }
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = super.read(bytes, offset, count);
        if (read > 0) {
            count(read);
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false; // what is read again would count again
    }

    private void count(long bytes) throws BodyTooLargeException {
        left -= bytes;
        if (left < 0) {
            throw new BodyTooLargeException(max);
        }
    }
}
