package dev.sallyport.kernel.upstream;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** TCP, or a Unix socket, without TLS. */
final class PlainWire implements Wire {

    private final SocketChannel channel;
    private final ByteBuffer probe = ByteBuffer.allocate(1);

    /** @param target where it will be connected to */
    PlainWire(Target target) throws IOException {
        if (target.socket() != null) {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        } else {
            channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    @Override
    public void connect(SocketAddress address) throws IOException {
        channel.connect(address);
    }

    @Override
    public void secure() {}

    /** For TLS to speak over it. */
    Socket socket() {
        return channel.socket();
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return channel.read(to);
    }

    @Override
    public void write(ByteBuffer... parts) throws IOException {
        ByteBuffer last = parts[parts.length - 1];
        if (parts.length == 1) {
            while (last.hasRemaining()) {
                channel.write(last);
            }
            return;
        }
        while (last.hasRemaining()) {
            channel.write(parts);
        }
    }

    /** Costs one call of the system: virtual threads have made the socket non-blocking already. */
    @Override
    public boolean isQuiet() {
        try {
            channel.configureBlocking(false);
            int read = channel.read(probe);
            channel.configureBlocking(true);
            return read == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // it is of no use any more, which was the aim
        }
    }
}
