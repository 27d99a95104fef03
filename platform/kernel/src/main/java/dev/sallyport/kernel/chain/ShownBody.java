package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A body as a monitored step sees it: a copy of it in memory, made when the step looks at it, where it is short and its length
 * is known. Where it is not, it is not shown. Whatever the step does to it, what goes on is whole.
 */
final class ShownBody implements Body {

    /** The longest body that is shown. */
    static final int BOUND = 64 * 1024;

    private final boolean isShort;
    private Body body;
    private boolean gone;
    private boolean refused;
    private @Nullable IOException broken;

    ShownBody(Body body) {
        this.body = body;
        isShort = body.isReplayable() || (body.length() >= 0 && body.length() <= BOUND);
    }

    /** What goes on in its place; from now on it can be shown only where it is in memory. */
    Body goesOn() {
        gone = true;
        return body;
    }

    /** Whether the step wanted to see it and could not. */
    boolean isRefused() {
        return refused;
    }

    /** How reading it failed, when it was to be shown: then it cannot go on either. */
    @Nullable
    IOException broken() {
        return broken;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public boolean isReplayable() {
        return isShort && (!gone || body.isReplayable());
    }

    @Override
    public InputStream open() {
        if (!isReplayable()) {
            refused = true;
            throw new IllegalStateException("the body is not shown to a monitored step: it streams, has more than "
                    + BOUND + " bytes, or has gone on already");
        }
        try {
            body = body.buffered(BOUND);
        } catch (IOException e) {
            broken = e;
            throw new UncheckedIOException(e);
        }
        return body.open();
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        // it is not the step's to close
    }
}
