package dev.sallyport.kernel.upstream;

import dev.sallyport.api.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.content.ByteBufferContentSource;

/** A body in memory. */
final class BytesContent extends ByteBufferContentSource implements Request.Content {

    private BytesContent(byte[] bytes) {
        super(ByteBuffer.wrap(bytes));
    }

    static BytesContent of(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new BytesContent(in.readAllBytes());
        }
    }
}
