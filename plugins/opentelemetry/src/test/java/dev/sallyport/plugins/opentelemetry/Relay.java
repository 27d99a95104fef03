package dev.sallyport.plugins.opentelemetry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Passes bytes on between clients and a server, until its connections are to be half open: there, and silent. */
final class Relay implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int to;
    private volatile AtomicBoolean silent = new AtomicBoolean();

    Relay(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Nothing passes any more on the connections that are there; new ones are served. */
    void silence() {
        AtomicBoolean before = silent;
        silent = new AtomicBoolean();
        before.set(true);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket target = new Socket(InetAddress.getLoopbackAddress(), to);
                sockets.add(client);
                sockets.add(target);
                AtomicBoolean quiet = silent;
                Thread.ofVirtual().start(() -> pass(client, target, quiet));
                Thread.ofVirtual().start(() -> pass(target, client, quiet));
            }
        } catch (IOException closed) {
            // over
        }
    }

    private static void pass(Socket from, Socket on, AtomicBoolean quiet) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = on.getOutputStream();
            byte[] bytes = new byte[8_192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!quiet.get()) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException closed) {
            // over
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
