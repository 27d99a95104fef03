package dev.sallyport.records;

import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be written of a request: without the values that are secrets, and without what other steps hide in logs.
 *
 * @param request the request
 * @param mask hides secrets of queries
 * @param hidden what other steps hide; null where none does
 */
public record Shown(
        Request request, QueryMask mask, @Nullable LogMask hidden) {

    /** What may be written of that request, now that its exchange has ended. */
    public static Shown of(Request request, QueryMask mask) {
        return new Shown(request, mask, request.exchange().get(LogMask.OF_EXCHANGE));
    }

    /** Its path, encoded as it came. */
    public String path() {
        String path = request.target().path();
        return hidden == null ? path : hidden.path(path);
    }

    /** Its query, encoded as it came; null where it has none. */
    public @Nullable String query() {
        String query = request.target().query();
        if (query == null) {
            return null;
        }
        String masked = mask.query(query);
        return hidden == null ? masked : hidden.query(masked);
    }

    /** The page that it came from, without a fragment; null where it does not say. */
    public @Nullable String referer() {
        String referer = request.header("referer");
        if (referer == null) {
            return null;
        }
        return url("referer", referer);
    }

    /** A header field whose value is a URL, without its fragment: what is hidden in paths and queries is hidden there too. */
    public String url(String name, String value) {
        String masked = mask.url(value);
        if (hidden == null) {
            return masked;
        }
        int mark = masked.indexOf('?');
        String before = mark < 0 ? masked : masked.substring(0, mark);
        int authority = before.indexOf("//");
        int path = before.indexOf('/', authority < 0 ? 0 : authority + 2);
        String whole = path < 0 ? before : before.substring(0, path) + hidden.path(before.substring(path));
        if (mark >= 0) {
            whole += "?" + hidden.query(masked.substring(mark + 1));
        }
        return hidden.header(name, whole);
    }

    /** Another header field's value. */
    public @Nullable String header(String name, @Nullable String value) {
        return value == null || hidden == null ? value : hidden.header(name, value);
    }

    /** Writes header fields as the member {@code headers}; fields of one name are one text with commas between. */
    JsonOut headers(JsonOut out, List<String> names) {
        if (names.isEmpty()) {
            return out;
        }
        out.object("headers");
        for (String name : names) {
            List<String> all = request.headers().all(name);
            String value = all.isEmpty() ? null : String.join(", ", all);
            // Its query has the secrets of the page before.
            out.put(name, name.equals("referer") ? referer() : header(name, value));
        }
        return out.end();
    }
}
