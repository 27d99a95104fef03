package dev.sallyport.kernel.http;

import dev.sallyport.api.Tunnel;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;

/** A tunnel to whoever has the other end of a socket. */
public record SocketTunnel(Socket socket) implements Tunnel {

    @Override
    public InputStream input() {
        try {
            return socket.getInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream output() {
        try {
            return new FilterOutputStream(socket.getOutputStream()) {
                @Override
                public void close() throws IOException {
                    socket.shutdownOutput();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
