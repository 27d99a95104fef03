package dev.sallyport.kernel.chain;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** A body of which a copy is kept while it is read, up to a bound; whoever wants it is given it at the end. */
final class CopiedBody implements Body {

    private final Body body;
    private final int bound;
    private final Consumer<byte[]> onEnd;

    CopiedBody(Body body, int bound, Consumer<byte[]> onEnd) {
        this.body = body;
        this.bound = bound;
        this.onEnd = onEnd;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public boolean isReplayable() {
        return body.isReplayable();
    }

    @Override
    public InputStream open() {
        return new Copying(body.open());
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public void close() {
        body.close();
    }

    private final class Copying extends FilterInputStream {

        private final ByteArrayOutputStream copy = new ByteArrayOutputStream();
        private boolean over;

        Copying(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = in.read(into, offset, length);
            if (over) {
                return count;
            }
            if (count < 0 || (count > 0 && copy.size() + count == body.length())) {
                if (count > 0) {
                    copy.write(into, offset, count);
                }
                over = true;
                onEnd.accept(copy.toByteArray());
            } else if (copy.size() + count > bound) {
                over = true;
                copy.reset();
            } else {
                copy.write(into, offset, count);
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return Math.max(0, read(new byte[(int) Math.min(count, 8192)], 0, (int) Math.min(count, 8192)));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
