package dev.sallyport.testgateway;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One end of a connection on which the same message is sent again and again and others of one length come back. It makes no
 * object for any of them, and counts what it asks of the system, so that both can be told apart from what the gateway does.
 * For one thread.
 */
final class KeptConnection implements AutoCloseable {

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer out;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 << 10);

    private volatile long reads;
    private volatile long writes;

    private KeptConnection(SocketChannel channel, byte[] message) {
        this.channel = channel;
        this.out = ByteBuffer.allocateDirect(message.length).put(message);
    }

    static KeptConnection to(InetSocketAddress address, String message) throws IOException {
        return of(SocketChannel.open(address), message.getBytes(StandardCharsets.ISO_8859_1));
    }

    static KeptConnection of(SocketChannel channel, byte[] message) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new KeptConnection(channel, message);
    }

    void send() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            writes = writes + 1; // by this thread alone
            channel.write(out);
        }
    }

    /**
     * Reads one message: its head, and as many bytes after it as that says.
     *
     * @return the status, where the message is an answer
     * @throws EOFException where the other end has closed
     */
    int receive() throws IOException {
        in.clear();
        int end = -1;
        while (end < 0 || in.position() < end) {
            reads = reads + 1;
            if (channel.read(in) < 0) {
                throw new EOFException();
            }
            if (end < 0) {
                end = end();
            }
        }
        return (in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0';
    }

    /** Where the message ends; -1 where its head is not whole. */
    private int end() {
        int length = 0;
        for (int i = 0; i + 3 < in.position(); i++) {
            if (in.get(i) == '\n' && isLength(i + 1)) {
                length = 0;
                for (int at = i + 1 + LENGTH.length; in.get(at) != '\r'; at++) {
                    length = in.get(at) == ' ' ? 0 : length * 10 + in.get(at) - '0';
                }
            }
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                return i + 4 + length;
            }
        }
        return -1;
    }

    private boolean isLength(int from) {
        if (from + LENGTH.length >= in.position()) {
            return false;
        }
        for (int i = 0; i < LENGTH.length; i++) {
            if (Character.toLowerCase((char) in.get(from + i)) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    long reads() {
        return reads;
    }

    long writes() {
        return writes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
