package dev.sallyport.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Objects;

/** Bytes in memory. */
final class BytesBody implements Body {

    static final BytesBody EMPTY = new BytesBody(new byte[0], 0, 0, Headers.empty());

    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final Headers trailers;

    /** @param bytes its own: not to be changed afterwards */
    BytesBody(byte[] bytes, int offset, int length, Headers trailers) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.trailers = trailers;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean isReplayable() {
        return true;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes, offset, length);
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {}
}
