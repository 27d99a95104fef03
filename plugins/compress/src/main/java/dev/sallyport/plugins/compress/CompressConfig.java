package dev.sallyport.plugins.compress;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.util.List;
import java.util.Locale;

/** The settings of compression. */
public record CompressConfig(
        @Doc("What is used, the first one that the client takes with the same weight.") @Default("[zstd, br, gzip]")
        List<Coding> codings,

        @Doc("The media types that are compressed; text/* means all of a kind, +json all that end so.")
        @Default("[text/*, application/json, application/javascript, application/xml, application/wasm, image/svg+xml,"
                + " +json, +xml]")
        List<String> types,

        @Doc("Smaller bodies are left alone; one whose length is not known is not small.") @Default("1KiB")
        Size minSize,

        @Doc("How hard gzip tries.") @Default("6") @Min(1) @Max(9)
        int gzipLevel,

        @Doc("How hard brotli tries.") @Default("4") @Min(0) @Max(11)
        int brotliLevel,

        @Doc("How hard zstd tries.") @Default("3") @Min(1) @Max(19)
        int zstdLevel,

        @Doc("Against guessing secrets in a page by its compressed length (BREACH): cross-site leaves responses"
                + " alone that another site made a browser ask for with its cookies; cookies all that were asked"
                + " for with cookies or Authorization; none compresses those too.")
        @Default("cross-site")
        Guard guard) {

    /** Which responses are left alone since their length may tell secrets. */
    public enum Guard {
        /** None. */
        NONE,
        /** Those that another site made a browser ask for with its cookies. */
        CROSS_SITE,
        /** All that were asked for with cookies or Authorization. */
        COOKIES
    }

    /** Checks what one key says against the others. */
    public CompressConfig {
        if (codings.isEmpty()) {
            throw new ConfigException("codings", "[] (expected: zstd, br or gzip); name one, or remove the step");
        }
        for (String type : types) {
            boolean known = type.startsWith("+") ? type.indexOf('/') < 0 : type.indexOf('/') > 0;
            if (!known || !type.equals(type.toLowerCase(Locale.ROOT)) || type.indexOf(';') >= 0) {
                throw new ConfigException(
                        "types", type + " (expected: a media type such as text/html, text/* or +json, in lower case)");
            }
        }
    }

    int level(Coding coding) {
        return switch (coding) {
            case GZIP -> gzipLevel;
            case BR -> brotliLevel;
            case ZSTD -> zstdLevel;
        };
    }
}
