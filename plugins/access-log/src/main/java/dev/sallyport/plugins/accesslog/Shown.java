package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import org.jspecify.annotations.Nullable;

/** What may be written of a request: without the values that are secrets, and without what other steps hide in logs. */
record Shown(Request request, QueryMask mask, @Nullable LogMask hidden) {

    static Shown of(Request request, QueryMask mask) {
        return new Shown(request, mask, request.exchange().get(LogMask.OF_EXCHANGE));
    }

    String path() {
        String path = request.target().path();
        return hidden == null ? path : hidden.path(path);
    }

    @Nullable
    String query() {
        String query = request.target().query();
        if (query == null) {
            return null;
        }
        String masked = mask.query(query);
        return hidden == null ? masked : hidden.query(masked);
    }

    @Nullable
    String referer() {
        String referer = request.header("referer");
        if (referer == null) {
            return null;
        }
        String masked = mask.url(referer);
        int mark = masked.indexOf('?');
        if (hidden == null) {
            return masked;
        }
        String whole = mark < 0 ? masked : masked.substring(0, mark + 1) + hidden.query(masked.substring(mark + 1));
        return hidden.header("referer", whole);
    }

    /** Another header field's value. */
    @Nullable
    String header(String name, @Nullable String value) {
        return value == null || hidden == null ? value : hidden.header(name, value);
    }
}
