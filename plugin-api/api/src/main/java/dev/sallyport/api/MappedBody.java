package dev.sallyport.api;

import java.io.InputStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Another body with its bytes, its trailers, or both changed on their way. */
final class MappedBody implements Body {

    private final Body body;
    private final @Nullable UnaryOperator<InputStream> bytes;
    private final UnaryOperator<Headers> trailers;

    MappedBody(Body body, @Nullable UnaryOperator<InputStream> bytes, UnaryOperator<Headers> trailers) {
        this.body = body;
        this.bytes = bytes;
        this.trailers = trailers;
    }

    @Override
    public long length() {
        return bytes == null ? body.length() : -1;
    }

    @Override
    public boolean isReplayable() {
        return body.isReplayable();
    }

    @Override
    public InputStream open() {
        return bytes == null ? body.open() : bytes.apply(body.open());
    }

    @Override
    public Headers trailers() {
        return trailers.apply(body.trailers());
    }

    @Override
    public void close() {
        body.close();
    }
}
