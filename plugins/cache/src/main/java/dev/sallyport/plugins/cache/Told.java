package dev.sallyport.plugins.cache;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a request, as {@code Cache-Status} tells it (RFC 9211).
 *
 * @param hit whether it was answered by what is stored
 * @param forwarded why it was not; null where it was
 * @param status what the upstream answered then; 0 where nothing
 * @param stored whether that is kept
 * @param collapsed whether it waited for another request
 * @param ttl how long what is answered is still fresh, in milliseconds; null where nothing is known of it
 * @param detail what else there is to say, as a token; null for nothing
 */
record Told(
        boolean hit,
        @Nullable String forwarded,
        int status,
        boolean stored,
        boolean collapsed,
        @Nullable Long ttl,
        @Nullable String detail) {

    static Told hit(long ttl, boolean collapsed) {
        return new Told(true, null, 0, false, collapsed, ttl, null);
    }

    static Told forwarded(String why) {
        return new Told(false, why, 0, false, false, null, null);
    }

    Told withStatus(int newStatus) {
        return new Told(hit, forwarded, newStatus, stored, collapsed, ttl, detail);
    }

    Told withStored(long newTtl) {
        return new Told(hit, forwarded, status, true, collapsed, newTtl, detail);
    }

    Told withCollapsed() {
        return new Told(hit, forwarded, status, stored, true, ttl, detail);
    }

    Told withDetail(@Nullable String newDetail) {
        return newDetail == null ? this : new Told(hit, forwarded, status, stored, collapsed, ttl, newDetail);
    }

    /** A word for metrics and traces. */
    String outcome() {
        return hit ? ttl != null && ttl <= 0 ? "stale" : "hit" : forwarded == null ? "none" : forwarded;
    }

    /** The response with the field after those of caches behind this one. */
    Response on(Response response) {
        return response.withHeaders(on(response.headers()));
    }

    Headers on(Headers headers) {
        return headers.withAdded("Cache-Status", toString());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(64).append("sallyport");
        if (hit) {
            text.append("; hit");
        }
        if (forwarded != null) {
            text.append("; fwd=").append(forwarded);
        }
        if (status > 0) {
            text.append("; fwd-status=").append(status);
        }
        if (stored) {
            text.append("; stored");
        }
        if (collapsed) {
            text.append("; collapsed");
        }
        if (ttl != null) {
            text.append("; ttl=").append(Math.floorDiv(ttl, 1_000L));
        }
        if (detail != null) {
            text.append("; detail=").append(detail);
        }
        return text.toString();
    }
}
