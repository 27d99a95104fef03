package dev.sallyport.kernel.script;

import dev.sallyport.api.Body;
import dev.sallyport.api.BodyTooLargeException;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The body of one message as a script sees it: left alone, or read into memory and still passed on. */
final class Contents {

    private final Headers headers;
    private Body body;
    private byte @Nullable [] decoded;
    private @Nullable IOException failed;
    private boolean gone;

    Contents(Headers headers, Body body) {
        this.headers = headers;
        this.body = body;
    }

    /** The body, to pass on. */
    Body body() {
        return body;
    }

    /** Says that the body was passed on, so that it is not there to be read any more. */
    void passedOn() {
        gone = !body.isReplayable();
    }

    boolean isGone() {
        return gone;
    }

    /**
     * All of it, with its content coding taken off; it can still be passed on.
     *
     * @throws BodyTooLargeException where it has more bytes than that, coded or not
     * @throws ZipException where it is not in the coding that its header names
     */
    byte[] read(long limit) throws IOException {
        if (decoded == null) {
            decoded = decode(raw(limit), headers.get("content-encoding", ""), limit);
        }
        return decoded;
    }

    private static InputStream failing(IOException failure) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw failure;
            }
        };
    }

    private byte[] raw(long limit) throws IOException {
        if (failed != null) {
            throw failed;
        }
        if (body.length() > limit) {
            throw new BodyTooLargeException(limit);
        }
        if (body.isReplayable()) {
            try (InputStream in = body.open()) {
                return whole(in, limit);
            }
        }
        InputStream in = body.open();
        byte[] bytes;
        try {
            bytes = in.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
        } catch (IOException e) {
            failed = e;
            body = new PartlyReadBody(new byte[0], failing(e), body);
            throw e;
        }
        if (bytes.length > limit) {
            failed = new BodyTooLargeException(limit);
            body = new PartlyReadBody(bytes, in, body);
            throw new BodyTooLargeException(limit);
        }
        Headers trailers = body.trailers();
        in.close();
        body.close();
        Body kept = Body.of(bytes);
        body = trailers.isEmpty() ? kept : kept.mapTrailers(none -> trailers);
        return bytes;
    }

    private static byte[] decode(byte[] bytes, String coding, long limit) throws IOException {
        if (bytes.length == 0) {
            return bytes;
        }
        InputStream plain = new ByteArrayInputStream(bytes);
        switch (coding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> {
                return bytes;
            }
            case "gzip", "x-gzip" -> plain = new GZIPInputStream(plain);
            case "deflate" -> plain = new InflaterInputStream(plain);
            default ->
                throw new ZipException("content-encoding: " + coding
                        + " (expected: gzip or deflate); delete accept-encoding from the request");
        }
        try (InputStream in = plain) {
            return whole(in, limit);
        }
    }

    private static byte[] whole(InputStream in, long limit) throws IOException {
        byte[] bytes = in.readNBytes((int) Math.min(limit, Integer.MAX_VALUE - 8));
        if (in.read() >= 0) {
            throw new BodyTooLargeException(limit);
        }
        return bytes;
    }

    /** Bytes as text in UTF-8, without a byte order mark. */
    static String text(byte[] bytes) {
        boolean marked =
                bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf;
        return marked
                ? new String(bytes, 3, bytes.length - 3, StandardCharsets.UTF_8)
                : new String(bytes, StandardCharsets.UTF_8);
    }
}
