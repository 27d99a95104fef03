package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Endpoint;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an upstream's targets.
 *
 * @param endpoints the last list; null where there was none yet
 * @param away why the source cannot be asked now; null where it can
 * @param since when that list came, or the source went away
 */
public record Found(
        @Nullable List<Endpoint> endpoints, @Nullable String away, Instant since) {

    /** Nothing told yet. */
    static Found nothing(Instant now) {
        return new Found(null, null, now);
    }

    /** The source has told a list. */
    Found told(List<Endpoint> all, Instant now) {
        boolean same = all.equals(endpoints);
        // The same list stays the same object: whoever compares on each request sees that at once.
        return new Found(same ? endpoints : all, null, same && away == null ? since : now);
    }

    /** The source cannot be asked. */
    Found away(String reason, Instant now) {
        return new Found(endpoints, reason, away == null ? now : since);
    }

    /** {@code waiting} for a first list, {@code current}, or {@code away}. */
    public String state() {
        return away != null ? "away" : endpoints == null ? "waiting" : "current";
    }

    /** What is wrong with it, in a sentence without a name; null where nothing is. */
    @Nullable
    String trouble(String source) {
        if (away != null) {
            String kept = endpoints == null ? "no targets are known" : endpoints.size() + " targets are kept";
            return source + " is away since " + since + ", " + kept + ": " + away;
        }
        if (endpoints == null) {
            return source + " has told no targets yet";
        }
        return endpoints.isEmpty() ? source + " has no targets now" : null;
    }
}
