package dev.sallyport.plugins.messagepolicy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** One end of a WebSocket that is nothing but a socket, so that no library queues anything. */
final class Raw implements AutoCloseable {

    private static final int SIZE = 8192;

    private final Socket socket;
    private final boolean client;
    final AtomicLong written = new AtomicLong();

    private Raw(Socket socket, boolean client) throws SocketException {
        this.socket = socket;
        this.client = client;
        socket.setSoTimeout(60_000);
    }

    static Raw client(String host, int port) throws IOException {
        Raw raw = new Raw(new Socket(host, port), true);
        raw.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        String head = raw.head();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException(head);
        }
        return raw;
    }

    static Raw server(Socket accepted) throws IOException, NoSuchAlgorithmException {
        Raw raw = new Raw(accepted, false);
        String key = raw.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        raw.say("HTTP/1.1 101 Switching Protocols\r\n"
                + "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
        return raw;
    }

    private void say(String head) throws IOException {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = socket.getInputStream().read();
            if (one < 0) {
                throw new IOException("ended: " + head);
            }
            head.append((char) one);
        }
        return head.toString();
    }

    /** Sends so many messages of 8 KB, each with its number in front, as fast as they are taken. */
    void send(int messages) {
        try {
            OutputStream out = socket.getOutputStream();
            int head = client ? 8 : 4;
            byte[] frame = new byte[head + SIZE];
            frame[0] = (byte) 0x82;
            frame[1] = (byte) (client ? 0xfe : 126);
            frame[2] = (byte) (SIZE >> 8);
            frame[3] = (byte) SIZE; // the mask is zero, so it changes nothing
            for (int i = 0; i < messages; i++) {
                for (int b = 0; b < 4; b++) {
                    frame[head + b] = (byte) (i >> (24 - 8 * b));
                }
                out.write(frame);
                written.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads so many, and sees that none is missing or out of order. */
    void expect(int messages) throws IOException {
        DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 1 << 16));
        byte[] content = new byte[SIZE];
        byte[] mask = new byte[4];
        for (int i = 0; i < messages; i++) {
            if (in.readUnsignedByte() != 0x82
                    || (in.readUnsignedByte() & 0x7f) != 126
                    || in.readUnsignedShort() != SIZE) {
                throw new IOException("not the frame that was expected, at " + i);
            }
            if (!client) {
                in.readFully(mask);
            }
            in.readFully(content);
            int number = 0;
            for (int b = 0; b < 4; b++) {
                number = number << 8 | ((content[b] ^ (client ? 0 : mask[b])) & 0xff);
            }
            if (number != i) {
                throw new IOException("message " + number + " in the place of " + i);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
