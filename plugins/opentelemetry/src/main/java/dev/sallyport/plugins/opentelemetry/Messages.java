package dev.sallyport.plugins.opentelemetry;

import io.opentelemetry.exporter.internal.marshal.Marshaler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Makes bytes of what is sent. */
final class Messages {

    static final String USER_AGENT = "sallyport-opentelemetry";

    /** Servers of gRPC take 4 MiB unless told otherwise. */
    static final int LONGEST = 3 << 20;

    private Messages() {}

    static byte[] bytes(Marshaler message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.getBinarySerializedSize());
        try {
            message.writeBinaryTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return out.toByteArray();
    }

    static byte[] gzip(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
