package dev.sallyport.distribution.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** Frames of HTTP/2 on a connection: written from a line of a case, whatever that asks for, and read. */
final class Http2Frames {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final byte[] PREFACE = Case.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private final InputStream in;
    private final OutputStream out;
    private final HpackDecoder decoder = new HpackDecoder(1 << 20, System::nanoTime);

    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    Http2Frames(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    synchronized void write(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }

    /**
     * Writes what a line asks for.
     *
     * @param stream0 what stream 0 stands for in HEADERS, DATA and RST_STREAM
     */
    void write(String line, int stream0) throws IOException {
        int bar = line.indexOf(" | ");
        String[] words = (bar < 0 ? line : line.substring(0, bar)).split(" ");
        String rest = bar < 0 ? "" : line.substring(bar + 3);
        int stream = words.length > 1 ? Integer.parseInt(words[1]) : 0;
        int own = stream == 0 ? stream0 : stream;
        int end = words.length > 2 && words[2].equals("ES") ? END_STREAM : 0;
        switch (words[0]) {
            case "HEADERS" -> write(HEADERS, end | END_HEADERS, own, block(rest));
            case "DATA" -> write(DATA, end, own, Case.bytes(rest));
            case "RST_STREAM" -> write(RST_STREAM, 0, own, number(Long.parseLong(words[2])));
            case "WINDOW_UPDATE" -> write(WINDOW_UPDATE, 0, stream, number(Long.parseLong(words[2])));
            case "PING" -> write(PING, 0, 0, Case.bytes(rest));
            case "SETTINGS" -> {
                String[] setting = rest.split(" ");
                write(
                        SETTINGS,
                        0,
                        0,
                        ByteBuffer.allocate(6)
                                .putShort(Short.parseShort(setting[0]))
                                .putInt(Integer.parseInt(setting[1]))
                                .array());
            }
            case "RAW" ->
                write(
                        Integer.parseInt(words[1]),
                        Integer.parseInt(words[2]),
                        Integer.parseInt(words[3]),
                        Case.bytes(rest));
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    /** Fields as literals without indexing (RFC 7541 §6.2.2), so that nothing is judged on the way. */
    private static byte[] block(String fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (String field : fields.split(" \\| ", -1)) {
            int space = field.indexOf(' ');
            block.write(0);
            literal(field.substring(0, space).replace('␠', ' '), block);
            literal(field.substring(space + 1), block);
        }
        return block.toByteArray();
    }

    private static void literal(String text, ByteArrayOutputStream into) {
        int length = text.length();
        if (length < 127) {
            into.write(length);
        } else {
            into.write(127);
            int left = length - 127;
            for (; left >= 128; left >>= 7) {
                into.write(left & 127 | 128);
            }
            into.write(left);
        }
        into.writeBytes(Case.bytes(text));
    }

    /** The next frame; null at the end. */
    Frame read() throws IOException {
        byte[] head = in.readNBytes(9);
        if (head.length < 9) {
            return null;
        }
        ByteBuffer reader = ByteBuffer.wrap(head);
        int length = (reader.get() & 0xff) << 16 | reader.getShort() & 0xffff;
        int type = reader.get();
        int flags = reader.get();
        int stream = reader.getInt() & 0x7fffffff;
        byte[] payload = in.readNBytes(length);
        return payload.length < length ? null : new Frame(type, flags, stream, payload);
    }

    /** The fields of HEADERS and of what continues it, as a message whose line is that of HTTP/1.1. */
    Message message(Frame headers) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int from = (headers.has(8) ? 1 : 0) + (headers.has(0x20) ? 5 : 0);
        int padding = headers.has(8) ? headers.payload()[0] & 0xff : 0;
        block.write(headers.payload(), from, headers.payload().length - from - padding);
        for (Frame frame = headers; !frame.has(END_HEADERS); ) {
            frame = read();
            if (frame == null || frame.type() != CONTINUATION) {
                throw new IOException("HEADERS do not end");
            }
            block.write(frame.payload());
        }
        Message message = new Message();
        try {
            MetaData data = decoder.decode(ByteBuffer.wrap(block.toByteArray()));
            if (data instanceof MetaData.Response response) {
                message.line = "HTTP/2 " + response.getStatus();
            } else if (data instanceof MetaData.Request request) {
                message.line = request.getMethod() + " " + request.getHttpURI().getPathQuery() + " HTTP/2";
            }
            for (HttpField field : data.getHttpFields()) {
                message.fields.add(new Message.Field(field.getName(), field.getValue()));
            }
        } catch (HpackException e) {
            message.line = "HTTP/2 999";
            message.problems.add(e.toString());
        }
        return message;
    }

    static String data(Frame frame) {
        int padding = frame.has(8) ? frame.payload()[0] & 0xff : 0;
        int from = frame.has(8) ? 1 : 0;
        return Case.text(frame.payload()).substring(from, frame.payload().length - padding);
    }

    static int code(Frame frame) {
        return ByteBuffer.wrap(frame.payload()).getInt(frame.type() == GOAWAY ? 4 : 0);
    }
}
