package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Tunnel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A connection that has switched protocols. One thread reads while another writes; any thread may close. */
final class WireTunnel implements Tunnel {

    private final Runnable onClose;
    private final Wire wire;
    private final ByteBuffer early;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile boolean closed;

    /** @param early what came with the head of the response */
    WireTunnel(Runnable onClose, Wire wire, ByteBuffer early) {
        this.onClose = onClose;
        this.wire = wire;
        this.early = early;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void close() {
        closed = true;
        onClose.run();
    }

    private void check() throws IOException {
        if (closed) {
            throw new IOException("tunnel: closed");
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            check();
            if (early.hasRemaining()) {
                int count = Math.min(length, early.remaining());
                early.get(bytes, offset, count);
                return count;
            }
            return wire.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private final class Output extends OutputStream {

        private boolean ended;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            check();
            if (ended) {
                throw new IOException("tunnel: output closed");
            }
            wire.write(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                wire.shutdownOutput();
            }
        }
    }
}
