package dev.sallyport.kernel.upstream;

import dev.sallyport.kernel.wire.Spares;
import java.nio.ByteBuffer;

/** What calls write and read in, lent to one at a time. Thread-safe. */
final class Room {

    /** Most heads of requests fit in; larger ones are written into arrays of their own, in bytes. */
    private static final int HEAD = 2 * 1024;

    /** A response of 16 KiB and its head come in one read. */
    private static final int BUFFER = 18 * 1024;

    private final Spares<byte[]> heads = new Spares<>(() -> new byte[HEAD]);
    private final Spares<ByteBuffer> buffers = new Spares<>(() -> ByteBuffer.allocateDirect(BUFFER));
    private final Spares<ResponseHeadReader> readers = new Spares<>(ResponseHeadReader::new);

    /** Heads are written into these. */
    Spares<byte[]> heads() {
        return heads;
    }

    Spares<ResponseHeadReader> readers() {
        return readers;
    }

    /** One to read into, of no bytes: its limit is 0. */
    ByteBuffer buffer() {
        return buffers.take().clear().limit(0);
    }

    /** Takes a buffer back; one that has taken the place of {@link #buffer}'s, since it is larger, is not kept. */
    void giveBack(ByteBuffer buffer) {
        if (buffer.isDirect()) {
            buffers.give(buffer);
        }
    }
}
