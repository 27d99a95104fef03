package dev.sallyport.plugins.validation;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * A body of which the beginning was read.
 *
 * @param body passes all of it on
 * @param isWhole whether all of it is in memory
 */
record Peeked(Body body, boolean isWhole) {

    /** Reads up to so many bytes; what is larger is passed on all the same. */
    static Peeked of(Body body, long most) throws IOException {
        if (body.length() > most) {
            return new Peeked(body, false);
        }
        if (body.isReplayable()) {
            return new Peeked(body, true);
        }
        InputStream in = body.open();
        byte[] begin = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
        if (begin.length <= most) {
            in.close();
            Headers trailers = body.trailers();
            body.close();
            return new Peeked(Body.of(begin).mapTrailers(none -> trailers), true);
        }
        InputStream all = new SequenceInputStream(new ByteArrayInputStream(begin), in);
        return new Peeked(Body.of(all, body.length()).mapTrailers(none -> body.trailers()), false);
    }

    /** The bytes of one that is whole. */
    byte[] bytes() throws IOException {
        try (InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }
}
