package dev.sallyport.kernel.plugin;

import dev.sallyport.marketplace.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files with signatures, which lie beside their jars: {@code x.jar.dsse.json} for {@code x.jar}. */
public final class Signatures {

    /** What stands after the jar's name. */
    public static final String SUFFIX = ".dsse.json";

    private Signatures() {}

    /** Where the signature of that jar is, or would be. */
    public static Path of(Path jar) {
        return jar.resolveSibling(jar.getFileName() + SUFFIX);
    }

    /**
     * The signature beside a jar, as it is written; whether it is good is for {@link Trust} to say.
     *
     * @return null where there is none; no more of it than shows that it is too large
     */
    static @Nullable String beside(Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(of(jar))) {
            return new String(in.readNBytes(Envelope.MOST_BYTES + 1), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return null;
        }
    }
}
