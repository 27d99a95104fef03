package dev.sallyport.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes in memory. */
final class BytesBody implements Body {

    static final BytesBody EMPTY = new BytesBody(new byte[0], Headers.empty());

    private final byte[] bytes;
    private final Headers trailers;

    /** @param bytes its own: not to be changed afterwards */
    BytesBody(byte[] bytes, Headers trailers) {
        this.bytes = bytes;
        this.trailers = trailers;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public boolean isReplayable() {
        return true;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Headers trailers() {
        return trailers;
    }

    @Override
    public void close() {}
}
