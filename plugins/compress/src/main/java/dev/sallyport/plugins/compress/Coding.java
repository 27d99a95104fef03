package dev.sallyport.plugins.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How bytes are made fewer: content codings (RFC 9110 §8.4.1). */
public enum Coding {
    /** Zstandard (RFC 8878): fast, and small. */
    ZSTD {
        @Override
        OutputStream onto(OutputStream out, int level) throws IOException {
            // Clients need not have more memory than for this window (RFC 9659).
            return new ZstdOutputStreamNoFinalizer(out).setLevel(level).setWindowLog(LARGEST_ZSTD_WINDOW);
        }
    },
    /** Brotli (RFC 7932): smallest for text. */
    BR {
        @Override
        OutputStream onto(OutputStream out, int level) throws IOException {
            Brotli4jLoader.ensureAvailability();
            return new BrotliOutputStream(out, Encoder.Parameters.create(level));
        }
    },
    /** gzip (RFC 1952): what every client knows. */
    GZIP {
        @Override
        OutputStream onto(OutputStream out, int level) throws IOException {
            return new Gzip(out, level);
        }
    };

    private static final int LARGEST_ZSTD_WINDOW = 23;

    /** Writes to a stream what was compressed; to flush it has all that was written come out. */
    abstract OutputStream onto(OutputStream out, int level) throws IOException;

    /** As fields of messages name it. */
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Fails where the machine has no library for it. */
    void test() throws IOException {
        try (OutputStream out = onto(new ByteArrayOutputStream(), 1)) {
            out.write(1);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError missing) {
            throw new IOException(token() + " does not work on this machine; leave it out of codings", missing);
        }
    }

    private static final class Gzip extends GZIPOutputStream {

        Gzip(OutputStream out, int level) throws IOException {
            super(out, 8192, true);
            def.setLevel(level);
            def.setStrategy(Deflater.DEFAULT_STRATEGY);
        }
    }
}
