package dev.sallyport.plugins.grpcweb;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * The messages of an answer as they come, and after them its trailers as one more message (flag 128); as base64, each piece
 * padded on its own, where the client wants text.
 */
final class WebBody implements Body {

    private static final int CHUNK = 12 * 1024;
    private static final byte TRAILERS = (byte) 0x80;

    private final Body body;
    private final Headers told;
    private final boolean text;

    /** @param told what is told at the end beside the body's own trailers */
    WebBody(Body body, Headers told, boolean text) {
        this.body = body;
        this.told = told;
        this.text = text;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public InputStream open() {
        return new Written(body.open());
    }

    @Override
    public void close() {
        body.close();
    }

    private byte[] end() {
        StringBuilder fields = new StringBuilder(64);
        Headers trailers = body.trailers();
        boolean known = append(told, fields);
        known |= append(trailers, fields);
        if (!known) {
            fields.append("grpc-status: 13\r\ngrpc-message: the answer ended without grpc-status\r\n");
        }
        return end(fields.toString());
    }

    private static byte[] end(String fields) {
        byte[] block = fields.getBytes(StandardCharsets.ISO_8859_1);
        byte[] frame = new byte[5 + block.length];
        frame[0] = TRAILERS;
        frame[1] = (byte) (block.length >>> 24);
        frame[2] = (byte) (block.length >>> 16);
        frame[3] = (byte) (block.length >>> 8);
        frame[4] = (byte) block.length;
        System.arraycopy(block, 0, frame, 5, block.length);
        return frame;
    }

    /** Whether they have the status. Names are in lower case, as the protocol has it. */
    private static boolean append(Headers fields, StringBuilder block) {
        for (int i = 0; i < fields.size(); i++) {
            block.append(fields.name(i).toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(fields.value(i))
                    .append("\r\n");
        }
        return fields.has("grpc-status");
    }

    private final class Written extends InputStream {

        private final InputStream in;
        private final byte[] chunk = new byte[CHUNK];
        private byte[] out = {};
        private int given;
        private int made;
        private boolean over;

        Written(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (given == made) {
                if (over) {
                    return -1;
                }
                int read;
                try {
                    read = in.read(chunk, 0, CHUNK);
                } catch (BadMessageException e) { // of the request, which is still being sent
                    over = true;
                    byte[] end = end("grpc-status: " + e.status() + "\r\ngrpc-message: "
                            + GrpcWebFilter.encoded(String.valueOf(e.getMessage())) + "\r\n");
                    give(end, end.length);
                    continue;
                }
                if (read < 0) {
                    over = true;
                    byte[] end = end();
                    give(end, end.length);
                } else {
                    give(chunk, read);
                }
            }
            int count = Math.min(length, made - given);
            System.arraycopy(out, given, bytes, offset, count);
            given += count;
            return count;
        }

        private void give(byte[] bytes, int count) {
            given = 0;
            if (text) {
                out = Base64.getEncoder()
                        .encode(ByteBuffer.wrap(bytes, 0, count))
                        .array();
                made = out.length;
            } else {
                out = bytes;
                made = count;
            }
        }

        @Override
        public int available() {
            return made - given;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
