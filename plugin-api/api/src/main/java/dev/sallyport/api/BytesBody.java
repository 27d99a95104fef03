package dev.sallyport.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Bytes in memory. */
record BytesBody(byte[] bytes, Headers trailers) implements Body {

    static final BytesBody EMPTY = new BytesBody(new byte[0], Headers.empty());

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
    public void close() {}
}
