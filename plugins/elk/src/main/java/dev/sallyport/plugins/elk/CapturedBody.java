package dev.sallyport.plugins.elk;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * A body that keeps a copy of its first bytes while others read it, and changes nothing: neither its bytes nor its length nor when
 * they come.
 */
final class CapturedBody implements Body {

    private final Body body;
    private final int most;
    private final Charset charset;

    // Guarded by this: the exchange may end while another thread still reads.
    private byte[] kept = new byte[256];
    private int count;

    CapturedBody(Body body, int most, Charset charset) {
        this.body = body;
        this.most = most;
        this.charset = charset;
    }

    /** What was kept, as text; what is none in its charset is U+FFFD, a character that was cut off is left out. */
    synchronized String text() {
        CharsetDecoder decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer text = CharBuffer.allocate((int) Math.ceil(count * (double) decoder.maxCharsPerByte()) + 1);
        decoder.decode(ByteBuffer.wrap(kept, 0, count), text, false);
        return text.flip().toString();
    }

    private synchronized void keep(byte[] bytes, int offset, int length) {
        int more = Math.min(length, most - count);
        if (more <= 0) {
            return;
        }
        if (count + more > kept.length) {
            kept = Arrays.copyOf(kept, Math.min(most, Math.max(count + more, kept.length * 2)));
        }
        System.arraycopy(bytes, offset, kept, count, more);
        count += more;
    }

    private synchronized void restart() {
        count = 0;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public boolean isReplayable() {
        return body.isReplayable();
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    @Override
    public InputStream open() {
        InputStream in = body.open();
        restart();
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int one = in.read();
                if (one >= 0) {
                    keep(new byte[] {(byte) one}, 0, 1);
                }
                return one;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = in.read(bytes, offset, length);
                if (read > 0) {
                    keep(bytes, offset, read);
                }
                return read;
            }

            @Override
            public long skip(long bytes) throws IOException {
                return in.skip(bytes);
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }

    @Override
    public void close() {
        body.close();
    }
}
