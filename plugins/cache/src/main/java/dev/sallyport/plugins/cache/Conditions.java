package dev.sallyport.plugins.cache;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.util.List;

/** What requests make their answer depend on, as far as a cache may judge it (RFC 9111 §4.3.2). */
final class Conditions {

    private Conditions() {}

    /** Whether only the upstream can say: a cache does not evaluate these. */
    static boolean isForUpstream(Request request) {
        return request.headers().has("if-match") || request.headers().has("if-unmodified-since");
    }

    /** Whether the client has what is stored already, so that the answer is 304. */
    static boolean holdsAlready(Request request, Headers stored) {
        List<String> tags = request.headers().all("if-none-match");
        if (!tags.isEmpty()) {
            String etag = stored.get("etag");
            for (String field : tags) {
                for (String tag : Directives.split(field)) {
                    if (tag.equals("*") || (etag != null && weak(tag).equals(weak(etag)))) {
                        return true;
                    }
                }
            }
            return false; // If-Modified-Since does not count beside it (RFC 9110 §13.1.3)
        }
        Long since = HttpDates.parse(request.header("if-modified-since"));
        if (since == null || request.headers().all("if-modified-since").size() > 1) {
            return false;
        }
        Long modified = HttpDates.parse(stored.get("last-modified"));
        if (modified == null) {
            modified = HttpDates.parse(stored.get("date"));
        }
        return modified != null && modified <= since;
    }

    /** Whether a range may be taken of what is stored (RFC 9110 §13.1.5). */
    static boolean rangeFits(Request request, Headers stored) {
        String condition = request.header("if-range");
        if (condition == null) {
            return true;
        }
        String wanted = condition.strip();
        if (wanted.startsWith("\"") || wanted.startsWith("W/")) {
            return !wanted.startsWith("W/") && wanted.equals(stored.get("etag"));
        }
        Long date = HttpDates.parse(wanted);
        Long modified = HttpDates.parse(stored.get("last-modified"));
        Long made = HttpDates.parse(stored.get("date"));
        // As a strong validator it must be a second older than the answer (RFC 9110 §8.8.2.2).
        return date != null && modified != null && date.equals(modified) && made != null && made - modified >= 1_000;
    }

    /** Whether two tags name the same, as far as a confirmation goes. */
    static boolean same(String one, String other) {
        return weak(one).equals(weak(other));
    }

    private static String weak(String tag) {
        String plain = tag.strip();
        return plain.startsWith("W/") ? plain.substring(2) : plain;
    }
}
