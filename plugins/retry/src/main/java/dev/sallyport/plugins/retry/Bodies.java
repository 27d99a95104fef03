package dev.sallyport.plugins.retry;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** Keeps bodies, to be sent again. */
final class Bodies {

    private Bodies() {}

    /** The same body, replayable unless it has more bytes than that. */
    static Body kept(Body body, int most) throws IOException {
        if (body.isReplayable() || body.length() > most) {
            return body;
        }
        if (body.length() >= 0) {
            return body.buffered(most);
        }
        InputStream in = body.open();
        byte[] begin = in.readNBytes(most);
        int more = begin.length < most ? -1 : in.read();
        if (more >= 0) {
            return new Begun(body, begin, more, in);
        }
        Headers trailers = body.trailers();
        body.close();
        return trailers.isEmpty() ? Body.of(begin) : Body.of(begin).mapTrailers(none -> trailers);
    }

    /** A body whose begin has been read. It can be read once. */
    private static final class Begun implements Body {

        private final Body body;
        private final byte[] begin;
        private final int next;
        private final InputStream rest;
        private boolean opened;

        Begun(Body body, byte[] begin, int next, InputStream rest) {
            this.body = body;
            this.begin = begin;
            this.next = next;
            this.rest = rest;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public InputStream open() {
            if (opened) {
                throw new IllegalStateException("body: read before (expected: once)");
            }
            opened = true;
            return new SequenceInputStream(
                    new SequenceInputStream(
                            new ByteArrayInputStream(begin), new ByteArrayInputStream(new byte[] {(byte) next})),
                    rest);
        }

        @Override
        public Headers trailers() {
            return body.trailers();
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
