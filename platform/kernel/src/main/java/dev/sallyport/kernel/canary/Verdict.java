package dev.sallyport.kernel.canary;

import java.time.Instant;

/**
 * What was decided of a canary. It holds for as long as the canary is the same.
 *
 * @param canary what it was decided of: {@link Trial#fingerprint}
 * @param version how people call that: {@code rate-limit 2.0.0}
 * @param author the name of the admin API's token, or {@code rule}
 * @param why in a few words; {@code ""} where nothing was said
 */
public record Verdict(String canary, String version, Kind kind, String author, String why, Instant at) {

    /** What becomes of the canary. */
    public enum Kind {
        /** It takes all requests. */
        PROMOTED,
        /** It takes none. */
        ROLLED_BACK
    }

    /** {@code promoted by ops}. */
    public String told() {
        return (kind == Kind.PROMOTED ? "promoted by " : "rolled back by ")
                + author
                + (why.isEmpty() ? "" : ": " + why);
    }
}
