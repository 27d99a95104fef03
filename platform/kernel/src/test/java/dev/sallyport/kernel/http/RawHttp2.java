package dev.sallyport.kernel.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A connection over HTTP/2 without TLS on which a test sends the frames that it likes. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int ENHANCE_YOUR_CALM = 11;

    /** No GOAWAY was seen: a socket that is closed with bytes of the flood unread is reset, and that may overtake it. */
    static final int RESET = -1;

    private final Socket socket;
    private final DataInputStream in;

    /** A frame that has come. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        /** The error code of GOAWAY or RST_STREAM. */
        int error() {
            int at = type == GOAWAY ? 4 : 0;
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | (payload[at + 3] & 0xff);
        }
    }

    RawHttp2(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        send(SETTINGS, 0, 0);
    }

    /** Frames as one burst; false where the gateway has closed the connection. */
    boolean burst(int count, int type, int flags, int stream, int... payload) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.write(frame(type, flags, stream, bytes(payload)));
        }
        return write(all.toByteArray());
    }

    boolean send(int type, int flags, int stream, int... payload) throws IOException {
        return write(frame(type, flags, stream, bytes(payload)));
    }

    boolean write(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (SocketException closed) {
            return false;
        }
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        byte[] frame = new byte[9 + payload.length];
        frame[0] = (byte) (payload.length >> 16);
        frame[1] = (byte) (payload.length >> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        frame[5] = (byte) (stream >> 24);
        frame[6] = (byte) (stream >> 16);
        frame[7] = (byte) (stream >> 8);
        frame[8] = (byte) stream;
        System.arraycopy(payload, 0, frame, 9, payload.length);
        return frame;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** A head block: method GET (2) or POST (3), http, /, authority x; nothing of it enters a table. */
    static byte[] head(int method) {
        return bytes(0x80 | method, 0x86, 0x84, 0x01, 1, 'x');
    }

    /** Opens a stream by a request for {@code /}. */
    boolean get(int stream) throws IOException {
        return write(frame(HEADERS, END_HEADERS | END_STREAM, stream, head(2)));
    }

    /** Opens a stream whose body is still to come. */
    boolean post(int stream) throws IOException {
        return write(frame(HEADERS, END_HEADERS, stream, head(3)));
    }

    /** The next frame; null at the end of the connection. */
    Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            return new Frame(type, flags, stream, in.readNBytes(length));
        } catch (EOFException | SocketException end) {
            return null;
        }
    }

    /** The next frame of that type; null where the connection ends before. */
    Frame await(int type) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == type) {
                return frame;
            }
        }
        return null;
    }

    /** Reads until the other end closes; the error code of its GOAWAY, or {@link #RESET}. */
    int awaitEnd() throws IOException {
        int error = RESET;
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == GOAWAY) {
                error = frame.error();
            }
        }
        return error;
    }

    /** Whether nothing is to be read for so long. */
    boolean isOpen(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            while (read() != null) {
                // what was sent before
            }
            return false;
        } catch (SocketTimeoutException quiet) {
            return true;
        } finally {
            socket.setSoTimeout(20_000);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
