package dev.sallyport.kernel.wire;

import dev.sallyport.api.Body;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body that can hand over its bytes in the buffers in which they came, so that one which no step has changed goes
 * from one connection to the other without a copy. Used by one thread at a time, like every body.
 */
public interface BufferBody extends Body {

    /**
     * Gives all bytes to the sink, buffer by buffer as they come, and returns at their end; the trailers are known then.
     * It takes the place of {@link #open()}: a body is drained or opened, once.
     *
     * @throws IOException where the body breaks off, or the sink does
     * @throws IllegalStateException where it was opened, drained or closed before
     */
    void drainTo(Sink sink) throws IOException;

    /** Whether it can be told now how it goes on, without waiting: there are bytes, or the end. Not after it was taken. */
    boolean isAtHand();

    /**
     * All bytes, where they have come already, so that they can go out together with what stands before them. It takes the
     * place of {@link #open()} then.
     *
     * @param most how many bytes may be taken at once
     * @return null where they have not, or it is not known, or there are more; nothing is taken then
     */
    default byte @Nullable [] whole(int most) {
        return null;
    }

    /** How whoever sends it has broken it off, once its reader has met that; null where it has not, or somebody else has. */
    default @Nullable IOException brokenOff() {
        return null;
    }

    /** Takes buffers. */
    @FunctionalInterface
    interface Sink {

        /** Takes all bytes of the buffer before it returns; the buffer is used again afterwards. */
        void write(ByteBuffer bytes) throws IOException;
    }
}
