package dev.sallyport.distribution;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Ports of this machine. */
final class Ports {

    private Ports() {}

    /** One on which nobody listens; somebody may do so a moment later. */
    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The ports that the guides and the demo name, for one class of tests at a time, also where others run in another
     * process: until the result is closed.
     */
    static Closeable ofTheGuides() throws IOException {
        FileChannel channel = FileChannel.open(
                Path.of(System.getProperty("java.io.tmpdir"), "sallyport-guides-ports.lock"), CREATE, WRITE);
        channel.lock(); // goes with the channel
        return channel;
    }

    static void awaitOpen(int port) {
        await().atMost(Duration.ofSeconds(30)).until(() -> isOpen(port));
    }

    static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
