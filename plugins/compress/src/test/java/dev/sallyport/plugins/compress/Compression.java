package dev.sallyport.plugins.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import dev.sallyport.api.config.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Settings for tests, and the other end of a coding. */
final class Compression {

    private Compression() {}

    static CompressConfig config(CompressConfig.Guard guard, Coding... codings) {
        return new CompressConfig(
                List.of(codings), List.of("text/*", "application/json", "+json"), Size.parse("1KiB"), 6, 4, 3, guard);
    }

    static InputStream decoded(String coding, InputStream in) throws IOException {
        return switch (coding) {
            case "gzip" -> new GZIPInputStream(in);
            case "br" -> {
                Brotli4jLoader.ensureAvailability();
                BrotliInputStream decoded = new BrotliInputStream(in);
                decoded.enableEagerOutput(); // gives what it has before it waits for more
                yield decoded;
            }
            case "zstd" -> new ZstdInputStream(in);
            default -> throw new IllegalArgumentException(coding);
        };
    }

    static byte[] decoded(String coding, byte[] bytes) throws IOException {
        try (InputStream in = decoded(coding, new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }
}
