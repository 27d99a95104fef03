package dev.sallyport.plugins.iplist;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A list of addresses that others keep. */
public record FeedConfig(
        @Doc("Where it is on the network; either this or file.") @Nullable
        URI url,

        @Doc("Where it is on this machine; either this or url.") @Nullable
        Path file,

        @Doc("Whether those on it may pass, or may not.") @Default("deny")
        Effect effect,

        @Doc("How often it is looked whether it has changed.") @Default("1h") @Min(1000) @Max(2_592_000_000L)
        Duration refresh,

        @Doc("The most that is read of it; a longer one is refused.") @Default("64MiB")
        Size maxSize,

        @Doc("What becomes of requests until it has been read for the first time: closed answers 503, open lets"
                + " them pass.")
        @Default("closed")
        WhenMissing whenMissing,

        @Doc("The value of the header Authorization that its server asks for.") @Nullable
        Secret authorization) {

    private static final long MOST_BYTES = 1 << 30;

    public FeedConfig {
        if ((url == null) == (file == null)) {
            throw new ConfigException("", "(expected: either url or file)");
        }
        if (url != null
                && (url.getHost() == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme())))) {
            throw new ConfigException("url", url + " (expected: an http or https URL)");
        }
        if (authorization != null && url == null) {
            throw new ConfigException("authorization", "(expected: only with url)");
        }
        if (maxSize.bytes() > MOST_BYTES || maxSize.bytes() == 0) {
            throw new ConfigException("maxSize", maxSize + " (expected: more than nothing, and 1GiB or less)");
        }
    }

    /** For logs, traces and metrics: without what may be a secret. */
    String name() {
        if (url == null) {
            return String.valueOf(file == null ? null : file.getFileName());
        }
        return url.getHost() + url.getPath();
    }

    /** What tells it apart from others of the step. */
    String place() {
        return url == null ? String.valueOf(file) : url.toString();
    }
}
