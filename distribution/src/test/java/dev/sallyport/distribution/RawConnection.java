package dev.sallyport.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection on which a test says what it likes. */
final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    RawConnection(URI address) {
        try {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a text as it is, Latin-1 to bytes. */
    RawConnection send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException closedMeanwhile) {
            // what was answered before that is still read
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Says that nothing more comes. */
    RawConnection end() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** All that comes until the other end closes. */
    String readAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // counts as the end
        } catch (IOException e) {
            throw new UncheckedIOException("after " + all, e);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** All that comes up to and with that text; less where the other end closes before. */
    String readTo(String end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                all.write(read);
                if (all.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                    break;
                }
            }
        } catch (SocketException reset) {
            // counts as the end
        } catch (IOException e) {
            throw new UncheckedIOException("after " + all, e);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
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
