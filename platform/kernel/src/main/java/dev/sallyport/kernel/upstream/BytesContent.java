package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.content.ByteBufferContentSource;
import org.jspecify.annotations.Nullable;

/** A body in memory. */
final class BytesContent extends ByteBufferContentSource implements Request.Content {

    private BytesContent(byte[] bytes) {
        super(ByteBuffer.wrap(bytes));
    }

    /** None: what Jetty says by default is not what the client has said. */
    @Override
    public @Nullable String getContentType() {
        return null;
    }

    static BytesContent of(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new BytesContent(in.readAllBytes());
        }
    }
}
