package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Store.Take;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The fields {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10): Lists of structured
 * fields (RFC 9651), so they are added to what the upstream says of its own limits. And those that came before them.
 */
final class Fields {

    private final List<Policy> policies;
    private final List<String> names;
    private final String policy;

    Fields(List<Policy> policies) {
        this.policies = policies;
        names = policies.stream().map(each -> string(each.name())).toList();
        policy = policies.stream()
                .map(each -> string(each.name()) + ";q=" + each.quota()
                        + (each.windowSeconds() < 1 ? "" : ";w=" + each.windowSeconds()))
                .collect(Collectors.joining(", "));
    }

    /** Those header fields, and what these takes tell. */
    Headers addTo(Headers headers, List<Take> takes) {
        StringBuilder now = new StringBuilder();
        for (int i = 0; i < takes.size(); i++) {
            Take take = takes.get(i);
            long more = take.enough() ? policies.get(i).moreAfterNanos(take) : take.retryAfterNanos();
            now.append(i == 0 ? "" : ", ").append(names.get(i)).append(";r=").append(left(policies.get(i), take));
            if (more > 0 && more < Long.MAX_VALUE) {
                now.append(";t=").append(seconds(more));
            }
        }
        return headers.withAdded("RateLimit-Policy", policy).withAdded("RateLimit", now.toString());
    }

    /** Those header fields, and the ones that came before the standard, of the limit of which least is left. */
    Headers addLegacyTo(Headers headers, List<Take> takes) {
        int scarce = scarcest(takes);
        Take take = takes.get(scarce);
        return headers.with(
                        "X-RateLimit-Limit", Long.toString(policies.get(scarce).quota()))
                .with("X-RateLimit-Remaining", Long.toString(left(policies.get(scarce), take)))
                .with("X-RateLimit-Reset", Long.toString(Math.ceilDiv(take.fullAfterNanos(), 1_000_000_000L)));
    }

    private int scarcest(List<Take> takes) {
        int scarce = 0;
        for (int i = 1; i < takes.size(); i++) {
            if (left(policies.get(i), takes.get(i)) < left(policies.get(scarce), takes.get(scarce))) {
                scarce = i;
            }
        }
        return scarce;
    }

    /** The least that is left of any of them. */
    long left(List<Take> takes) {
        int scarce = scarcest(takes);
        return left(policies.get(scarce), takes.get(scarce));
    }

    /** What is left without waiting. */
    private static long left(Policy policy, Take take) {
        return policy instanceof Policy.Bucket bucket ? Math.max(0, take.left() - bucket.queue()) : take.left();
    }

    /** Whole seconds, rounded up, at least one: nobody should come back too early, or at once. */
    static long seconds(long nanos) {
        return Math.max(1, Math.ceilDiv(nanos, 1_000_000_000));
    }

    /** A String of a structured field (RFC 9651 §3.3.3), which is printable ASCII. */
    static String string(String text) {
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
