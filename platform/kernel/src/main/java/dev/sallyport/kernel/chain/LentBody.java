package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.InputStream;

/** A body that knows whether it was opened or closed. */
final class LentBody implements Body {

    private final Body body;
    private boolean touched;

    LentBody(Body body) {
        this.body = body;
    }

    Body body() {
        return body;
    }

    boolean isTouched() {
        return touched;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public InputStream open() {
        touched = true;
        return body.open();
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        touched = true;
        body.close();
    }
}
