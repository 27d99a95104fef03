package dev.sallyport.testkit;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A one-shot body, as one from the wire is, that remembers what was done with it. It may be asked from any thread.
 *
 * <ol>
 *   <li>It can be opened once; opening it again, or after it was closed, is an {@link IllegalStateException}.
 *   <li>Its trailers are empty until its end has been read.
 * </ol>
 */
public final class TrackedBody implements Body {

    private final byte[] bytes;
    private final long length;
    private final Headers trailers;
    private final boolean breaks;
    private final AtomicInteger opens = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private final AtomicLong read = new AtomicLong();
    private volatile boolean ended;

    private TrackedBody(byte[] bytes, long length, Headers trailers, boolean breaks) {
        this.bytes = bytes;
        this.length = length;
        this.trailers = trailers;
        this.breaks = breaks;
    }

    /** A body of that text in UTF-8, its length known. */
    public static TrackedBody of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A body of those bytes, its length known. */
    public static TrackedBody of(byte[] bytes) {
        return new TrackedBody(bytes.clone(), bytes.length, Headers.empty(), false);
    }

    /** A body of that text whose length is not known, as one in chunks, with trailers after its end. */
    public static TrackedBody chunked(String text, Headers trailers) {
        return new TrackedBody(text.getBytes(StandardCharsets.UTF_8), -1, trailers, false);
    }

    /** A body whose reader gets that text and then an {@link IOException}, as where the far end breaks. */
    public static TrackedBody breakingAfter(String text) {
        return new TrackedBody(text.getBytes(StandardCharsets.UTF_8), -1, Headers.empty(), true);
    }

    /** How often it was opened or tried to be. */
    public int opens() {
        return opens.get();
    }

    /** How often it was closed. */
    public int closes() {
        return closes.get();
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closes.get() > 0;
    }

    /** How many bytes were read. */
    public long bytesRead() {
        return read.get();
    }

    /** Whether it was read to its end. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether nobody has opened or closed it. */
    public boolean isUntouched() {
        return opens.get() == 0 && closes.get() == 0;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public InputStream open() {
        if (opens.incrementAndGet() > 1 || closes.get() > 0) {
            throw new IllegalStateException("body: opened again (expected: once, and before it is closed)");
        }
        return new Reader();
    }

    @Override
    public Headers trailers() {
        return ended ? trailers : Headers.empty();
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }

    @Override
    public String toString() {
        return "body of " + bytes.length + " bytes: opened " + opens + ", read " + read + ", closed " + closes;
    }

    private final class Reader extends FilterInputStream {

        Reader() {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            if (closes.get() > 0) {
                throw new IOException("body: read after it was closed");
            }
            int got = super.read(buffer, offset, count);
            if (got < 0) {
                if (breaks) {
                    throw new IOException("body: broke off");
                }
                ended = true;
            } else {
                read.addAndGet(got);
            }
            return got;
        }
    }
}
