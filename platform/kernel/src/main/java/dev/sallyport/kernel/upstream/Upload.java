package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.kernel.wire.BufferBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Copies the body of a request to the target on a thread of its own: what has come is written at once, and nothing more is
 * read until it is. With a length the bytes go as they are, else in chunks (RFC 9112 §7.1).
 */
final class Upload implements Runnable {

    private static final int BUFFER = 16 * 1024;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Call call;
    private final Body body;
    private final long length;
    private @Nullable Wire wire;

    // Guarded by this.
    private @Nullable Thread thread;
    private boolean reading;
    private boolean stopped;
    private @Nullable Throwable bodyFailure;

    private long left;
    private boolean written;
    private volatile boolean allGiven;

    /** @param length of the body; -1 where it goes in chunks */
    Upload(Call call, Body body, long length) {
        this.call = call;
        this.body = body;
        this.length = length;
        left = length;
    }

    void to(Wire target) {
        wire = target;
    }

    /** All bytes of the body, where they have come and are few; nothing is to be copied then. */
    byte @Nullable [] whole(int most) {
        return length > 0 && body instanceof BufferBody buffers ? buffers.whole(most) : null;
    }

    /** Whether the last byte goes out or has gone: the target may answer it before this thread goes on. */
    boolean isAllGiven() {
        return allGiven;
    }

    synchronized boolean isFromBody(Throwable reason) {
        return reason.equals(bodyFailure);
    }

    /** Nobody needs the rest. Where the copying thread waits for bytes of the client, it is interrupted. */
    synchronized void stop() {
        stopped = true;
        if (reading && thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try {
            copy();
            synchronized (this) {
                thread = null;
            }
            call.requestSent();
        } catch (Throwable e) {
            ended(e);
        }
    }

    private void ended(Throwable e) {
        boolean known;
        synchronized (this) {
            thread = null;
            known = stopped;
            if (stopped) {
                Thread.interrupted(); // by stop(): of no concern to whoever runs next on this thread
            } else if (reading) {
                bodyFailure = e;
            }
        }
        if (known && written) {
            call.requestSent(); // it only looked for the end of the body
        } else if (known) {
            call.requestStopped();
        } else {
            call.uploadFailed(e);
        }
    }

    private void copy() throws IOException {
        if (body instanceof BufferBody buffers) {
            reading(true);
            buffers.drainTo(bytes -> {
                reading(false);
                give(bytes);
                reading(true);
            });
        } else {
            copyStream();
        }
        if (left > 0) {
            throw new IOException("the request's body ended after " + (length - left) + " of " + length + " bytes");
        }
        reading(false);
        if (length < 0) {
            giveEnd();
        }
    }

    private void copyStream() throws IOException {
        byte[] buffer = new byte[BUFFER];
        reading(true);
        try (InputStream in = body.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                reading(false);
                give(ByteBuffer.wrap(buffer, 0, count));
                reading(true);
            }
        }
    }

    private synchronized void reading(boolean now) throws InterruptedIOException {
        reading = now;
        if (stopped) {
            throw new InterruptedIOException("nobody needs the rest of the request's body");
        }
        if (now) {
            call.awaitingClient();
        } else {
            call.writing();
        }
    }

    private void give(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        if (count == 0) {
            return;
        }
        if (length >= 0) {
            if (count > left) {
                throw new IOException("the request's body has more than " + length + " bytes");
            }
            left -= count;
            allGiven = left == 0;
            wire().write(bytes);
            written = left == 0;
            return;
        }
        ByteBuffer size = ascii(Integer.toHexString(count) + "\r\n");
        wire().write(size, bytes, ByteBuffer.wrap(LINE_END));
    }

    private void giveEnd() throws IOException {
        StringBuilder end = new StringBuilder("0\r\n");
        Headers trailers = body.trailers();
        for (int i = 0; i < trailers.size(); i++) {
            end.append(trailers.name(i)).append(": ").append(trailers.value(i)).append("\r\n");
        }
        allGiven = true;
        wire().write(ascii(end.append("\r\n").toString()));
        written = true;
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private Wire wire() throws IOException {
        Wire to = wire;
        if (to == null) {
            throw new IOException("not connected");
        }
        return to;
    }
}
