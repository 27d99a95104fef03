package dev.sallyport.kernel.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;

/**
 * Takes the beginning of a body as it comes, without a thread that waits for it, so that whoever reads it then need not wait: all
 * of it, or as much as is more than a form or a token. For one request.
 */
final class BodyStart implements Runnable {

    private static final int MOST = 64 << 10;

    private final Content.Source source;
    private final Consumer<InputStream> then;
    private final Consumer<Throwable> broken;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream();

    /**
     * @param then gets the body, from its first byte on
     * @param broken is told where it breaks off
     */
    BodyStart(Content.Source source, Consumer<InputStream> then, Consumer<Throwable> broken) {
        this.source = source;
        this.then = then;
        this.broken = broken;
    }

    /** Takes what is there; called again when there is more. */
    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                broken.accept(chunk.getFailure());
                return;
            }
            ByteBuffer bytes = chunk.getByteBuffer();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            start.writeBytes(copy);
            boolean last = chunk.isLast();
            chunk.release();
            if (last || start.size() > MOST) {
                InputStream begun = new ByteArrayInputStream(start.toByteArray());
                then.accept(last ? begun : new SequenceInputStream(begun, Content.Source.asInputStream(source)));
                return;
            }
        }
    }
}
