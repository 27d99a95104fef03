package dev.sallyport.plugins.grpcweb;

import java.io.IOException;
import java.io.InputStream;

/**
 * The messages of a request, which pass as they are; looked at is only that they are messages, not larger than allowed, and
 * whole. For one thread.
 */
final class CheckedFrames extends InputStream {

    private static final int HEAD = 5;

    private final InputStream in;
    private final long limit;
    private final byte[] head = new byte[HEAD];
    private int headRead;
    private long left; // of the message
    private long messages;
    private long position;

    CheckedFrames(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        if (read < 0) {
            if (headRead > 0 || left > 0) {
                throw bad(3, "ends within message " + (messages + 1));
            }
            return -1;
        }
        int at = offset;
        int to = offset + read;
        while (at < to) {
            if (left > 0) {
                long skipped = Math.min(left, to - at);
                left -= skipped;
                at += (int) skipped;
                position += skipped;
                messages += left == 0 ? 1 : 0;
                continue;
            }
            head[headRead++] = bytes[at++];
            position++;
            if (headRead == HEAD) {
                begin();
            }
        }
        return read;
    }

    private void begin() throws BadMessageException {
        headRead = 0;
        if (head[0] != 0 && head[0] != 1) {
            throw bad(3, "no message begins here");
        }
        left = (head[1] & 0xffL) << 24 | (head[2] & 0xffL) << 16 | (head[3] & 0xffL) << 8 | (head[4] & 0xffL);
        if (left > limit) {
            throw bad(8, "message " + (messages + 1) + " has " + left + " bytes (the limit is " + limit + ")");
        }
        messages += left == 0 ? 1 : 0;
    }

    private BadMessageException bad(int status, String what) {
        return new BadMessageException(status, "the body, at byte " + Math.max(0, position - HEAD) + ": " + what);
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
