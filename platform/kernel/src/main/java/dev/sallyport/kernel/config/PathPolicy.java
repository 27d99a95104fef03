package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;

/**
 * What a listener does with paths that servers read in different ways. {@code ..}, NUL and backslash are no matter of
 * policy: they are always refused.
 */
public record PathPolicy(
        @Doc("An encoded slash (%2F), which separates no segments: kept as it is, or answered with 400.")
        @Default("keep")
        EncodedSlash encodedSlash,

        @Doc("Two slashes or more in a row: kept as they are, made one, or answered with 400.") @Default("keep")
        DoubleSlash doubleSlash) {

    /** Keeps both. */
    public static final PathPolicy DEFAULT = new PathPolicy(EncodedSlash.KEEP, DoubleSlash.KEEP);

    /** What becomes of {@code %2F}. */
    public enum EncodedSlash {
        KEEP,
        REJECT
    }

    /** What becomes of {@code //}. */
    public enum DoubleSlash {
        KEEP,
        MERGE,
        REJECT
    }
}
