package dev.sallyport.json;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body whose beginning has been read already. */
final class StartedBody implements Body {

    private final byte[] beginning;
    private final InputStream rest;
    private final Body body;
    private boolean opened;

    StartedBody(byte[] beginning, InputStream rest, Body body) {
        this.beginning = beginning;
        this.rest = rest;
        this.body = body;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public InputStream open() {
        if (opened) {
            throw new IllegalStateException("body: read before (expected: once; buffered(…) makes it replayable)");
        }
        opened = true;
        return new Joined(new ByteArrayInputStream(beginning), rest);
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        body.close();
    }

    private static final class Joined extends InputStream {

        private final InputStream first;
        private final InputStream then;

        Joined(InputStream first, InputStream then) {
            this.first = first;
            this.then = then;
        }

        @Override
        public int read() throws IOException {
            int read = first.read();
            return read >= 0 ? read : then.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = first.read(bytes, offset, length);
            return read >= 0 ? read : then.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            int there = first.available();
            return there > 0 ? there : then.available();
        }

        @Override
        public void close() throws IOException {
            then.close();
        }
    }
}
