package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** A body whose front was read, and turned out to be too much: it can still be passed on whole. */
final class PartlyReadBody implements Body {

    private final byte[] front;
    private final InputStream rest;
    private final Body body;
    private boolean opened;

    PartlyReadBody(byte[] front, InputStream rest, Body body) {
        this.front = front;
        this.rest = rest;
        this.body = body;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public InputStream open() {
        if (opened) {
            throw new IllegalStateException("body: read before (expected: once)");
        }
        opened = true;
        return new SequenceInputStream(new ByteArrayInputStream(front), rest);
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        body.close();
    }
}
