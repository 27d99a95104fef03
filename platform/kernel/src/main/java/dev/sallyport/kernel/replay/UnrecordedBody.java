package dev.sallyport.kernel.replay;

import dev.sallyport.api.Body;
import java.io.InputStream;

/** A body of which only the length was recorded. */
final class UnrecordedBody implements Body {

    private final long length;
    private final ReplayState state;

    UnrecordedBody(long length, ReplayState state) {
        this.length = length;
        this.state = state;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        state.lookedAtBody();
        throw new IllegalStateException("the body was not recorded");
    }

    @Override
    public void close() {
        // there is nothing to give up
    }
}
