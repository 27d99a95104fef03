package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Store.Take;
import dev.sallyport.api.config.Rate;
import java.time.Duration;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10): Lists of
 * structured fields (RFC 9651), so they are added to what the upstream says of its own limits.
 */
final class Fields {

    private static final double NANOS = 1e9;

    private final String name;
    private final String policy;
    private final long capacity;
    private final double nanosPerToken;

    /**
     * @param policy the policy's name
     * @param limit how fast the bucket fills
     * @param capacity how much it holds
     */
    Fields(String policy, Rate limit, long capacity) {
        this.name = string(policy);
        this.capacity = capacity;
        this.nanosPerToken = nanos(limit.per()) / limit.amount();
        // The bucket's size in the time that it takes to fill: the same rate as the limit, whatever the burst is.
        long window = Math.round(capacity * nanosPerToken);
        // The draft has whole seconds only. A shorter window cannot be told, so there is none: w is optional.
        this.policy = name + ";q=" + capacity + (window < NANOS ? "" : ";w=" + seconds(window));
    }

    /** Those header fields, and what this take tells. */
    Headers addTo(Headers headers, Take take) {
        return headers.withAdded("RateLimit-Policy", policy).withAdded("RateLimit", limit(take));
    }

    private String limit(Take take) {
        String left = name + ";r=" + take.left();
        if (!take.taken()) {
            return left + ";t=" + seconds(take.retryAfterNanos());
        }
        long missing = capacity - take.left();
        // "The number of seconds until additional quota is made available": the next token, not the full bucket.
        double next = take.fullAfterNanos() - Math.max(0, missing - 1) * nanosPerToken;
        return missing <= 0 ? left : left + ";t=" + seconds(Math.round(next));
    }

    /** Whole seconds, rounded up, at least one: nobody should come back too early, or at once. */
    static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, 1_000_000_000));
    }

    private static double nanos(Duration time) {
        return time.toSeconds() * NANOS + time.toNanosPart();
    }

    /** A String of a structured field (RFC 9651 §3.3.3), which is printable ASCII. */
    private static String string(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c < ' ' || c > '~' ? '_' : c);
        }
        return out.append('"').toString();
    }
}
