package dev.sallyport.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A body that is read from a stream, once. */
final class StreamBody implements Body {

    private final InputStream stream;
    private final long length;
    private boolean opened;
    private boolean closed;

    StreamBody(InputStream stream, long length) {
        this.stream = stream;
        this.length = length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        if (opened || closed) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        opened = true;
        return stream;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
