package dev.sallyport.kernel.upstream;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection as bytes. Blocking: one thread reads while another writes. Any thread may {@link #close}; whoever is blocked
 * then gets an {@link IOException}.
 */
interface Wire extends Closeable {

    /** Makes the connection. */
    void connect(SocketAddress address) throws IOException;

    /** Shakes hands, where what it speaks needs that before the first byte. */
    void secure() throws IOException;

    /** Reads what has come, at least one byte; -1 at the end. */
    int read(ByteBuffer to) throws IOException;

    /** Writes all bytes of all parts, in one go where that can be had. */
    void write(ByteBuffer... parts) throws IOException;

    /** Whether the other side has neither ended nor said anything, as it must be between a response and a request. */
    boolean isQuiet();

    /** Tells the other side that nothing more comes. */
    void shutdownOutput() throws IOException;

    /** Ends it at once. */
    @Override
    void close();
}
