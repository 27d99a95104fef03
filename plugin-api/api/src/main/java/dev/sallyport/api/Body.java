package dev.sallyport.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The content of a request or response: a stream of bytes that is read at most once, unless it is
 * {@linkplain #isReplayable() replayable}, and that has not been read when a step gets it.
 *
 * <p>A step that leaves it alone costs nothing: the bytes pass through one pooled buffer. A step that replaces it closes
 * the old one; what was forgotten is closed when the exchange completes, and counted against the step.
 *
 * <p>A body is used by one thread at a time.
 */
public interface Body extends AutoCloseable {

    /** The body of no bytes; replayable. */
    static Body empty() {
        return BytesBody.EMPTY;
    }

    /** A replayable body of those bytes, which must not be changed afterwards. */
    static Body of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** A replayable body of a part of those bytes, which must not be changed afterwards. */
    static Body of(byte[] bytes, int offset, int length) {
        return length == 0 ? BytesBody.EMPTY : new BytesBody(bytes, offset, length, Headers.empty());
    }

    /** A replayable body of that text in UTF-8. */
    static Body of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A body that is read from a stream, once.
     *
     * @param length how many bytes the stream gives; -1 where that is not known
     */
    static Body of(InputStream stream, long length) {
        return new StreamBody(stream, length);
    }

    /** How many bytes it has; -1 where that is not known. */
    long length();

    /** Whether it has no bytes for certain. */
    default boolean isEmpty() {
        return length() == 0;
    }

    /** Whether it can be opened again and again. */
    default boolean isReplayable() {
        return false;
    }

    /**
     * Opens it for reading. Reads block until bytes have come, and return what has come without waiting for more.
     *
     * @throws IllegalStateException where it was opened before and is not replayable, or was closed
     */
    InputStream open();

    /** The fields after the end of the body (RFC 9110 §6.5); empty until the end has been read. */
    default Headers trailers() {
        return Headers.empty();
    }

    /** This body with its bytes changed on their way; its length is not known. Opening or closing it is done to this one. */
    default Body map(UnaryOperator<InputStream> change) {
        return new MappedBody(this, change, UnaryOperator.identity());
    }

    /** This body with its trailers changed. */
    default Body mapTrailers(UnaryOperator<Headers> change) {
        return new MappedBody(this, null, change);
    }

    /**
     * Reads all of it into memory, which makes it replayable; this body is closed.
     *
     * @param limit the most bytes to take
     * @throws BodyTooLargeException where there are more; the request then answers 413
     * @throws IOException where it breaks off
     */
    default Body buffered(long limit) throws IOException {
        if (isReplayable()) {
            return this;
        }
        if (length() > limit) {
            close();
            throw new BodyTooLargeException(limit);
        }
        try (this;
                InputStream in = open()) {
            byte[] bytes = in.readNBytes((int) Math.min(limit, Integer.MAX_VALUE - 8));
            if (in.read() >= 0) {
                throw new BodyTooLargeException(limit);
            }
            return new BytesBody(bytes, 0, bytes.length, trailers());
        }
    }

    /**
     * All of it as text in UTF-8; this body is used up unless it is replayable.
     *
     * @param limit the most bytes to take
     * @throws BodyTooLargeException where there are more
     * @throws IOException where it breaks off
     */
    default String text(long limit) throws IOException {
        try (InputStream in = buffered(limit).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Gives up what has not been read. Calling it again does nothing. */
    @Override
    void close();
}
