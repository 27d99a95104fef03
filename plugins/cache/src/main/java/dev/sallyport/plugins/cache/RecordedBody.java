package dev.sallyport.plugins.cache;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A body that is kept while it passes: what has come is copied into the bytes to keep, and told once the end was read. One
 * that breaks off, is given up or is too long is not.
 */
final class RecordedBody implements Body {

    private static final int FIRST = 16 * 1024;

    private final Body body;
    private final Recording recording;

    /** What has come. For one thread. */
    private static final class Recording {

        private final Stored head;
        private final int offset;
        private final int limit;
        private final Consumer<Stored> whole;
        private final Runnable not;
        private byte[] bytes;
        private int used;
        private boolean over;

        Recording(Stored head, long length, int limit, Consumer<Stored> whole, Runnable not) {
            this.head = head;
            this.limit = limit;
            this.whole = whole;
            this.not = not;
            byte[] written = head.head();
            offset = written.length;
            used = offset;
            bytes = Arrays.copyOf(written, offset + (length >= 0 ? (int) length : FIRST));
        }

        void add(byte[] from, int at, int count) {
            if (over) {
                return;
            }
            if (used - offset + count > limit) {
                giveUp();
                return;
            }
            if (used + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(used + count, Math.min(offset + limit, bytes.length * 2)));
            }
            System.arraycopy(from, at, bytes, used, count);
            used += count;
        }

        void end() {
            if (!over) {
                over = true;
                byte[] all = used == bytes.length ? bytes : Arrays.copyOf(bytes, used);
                bytes = new byte[0];
                whole.accept(head.with(all, offset));
            }
        }

        void giveUp() {
            if (!over) {
                over = true;
                bytes = new byte[0];
                not.run();
            }
        }
    }

    /**
     * @param head what is kept, without the body
     * @param limit the most bytes to keep
     * @param whole told once, with the body
     * @param not called in its place where it is not kept
     */
    RecordedBody(Body body, Stored head, int limit, Consumer<Stored> whole, Runnable not) {
        this.body = body;
        recording = new Recording(head, body.length(), limit, whole, not);
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public InputStream open() {
        return new Copying(body.open(), body.length(), recording);
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        recording.giveUp();
        body.close();
    }

    private static final class Copying extends FilterInputStream {

        private final Recording recording;
        private long left;

        Copying(InputStream in, long length, Recording recording) {
            super(in);
            this.recording = recording;
            left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                recording.add(bytes, offset, read);
                if (left > 0) {
                    left -= read;
                    if (left == 0) {
                        recording.end(); // whoever knows the length does not read on
                    }
                }
            } else if (read < 0) {
                recording.end();
            }
            return read;
        }

        @Override
        public boolean markSupported() {
            return false;
        }

        @Override
        public void close() throws IOException {
            recording.giveUp();
            super.close();
        }
    }
}
