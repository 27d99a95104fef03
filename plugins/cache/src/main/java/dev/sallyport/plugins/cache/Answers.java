package dev.sallyport.plugins.cache;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;

/**
 * What clients are answered, and told of it.
 *
 * @param hideStatus whether they are not told
 */
record Answers(Counts counts, boolean hideStatus) {

    /** RFC 9110 §15.4.5: an answer without a body does not tell of it. */
    private static final List<String> OF_THE_BODY =
            List.of("content-type", "content-length", "content-encoding", "content-language", "content-range");

    /** The response, with what has become of the request. */
    Response told(Request request, Response response, Told told) {
        counts.count(told);
        request.exchange().note("cache", told.outcome());
        return hideStatus || response.tunnel() != null ? response : told.on(response);
    }

    /** What is stored, as the request asks for it. */
    Response stored(Request request, Stored stored, Told told, long now) {
        Headers headers = stored.headers().with("Age", Long.toString(stored.age(now) / 1_000));
        Response whole = Response.of(stored.status(), headers, stored.body());
        return told(request, fit(request, whole, stored.headers(), stored), told);
    }

    /**
     * The whole, a part, or that the client has it already.
     *
     * @param known by which its conditions are judged
     */
    static Response fit(Request request, Response whole, Headers known, Stored stored) {
        if (stored.status() == 200 && Conditions.holdsAlready(request, known)) {
            Headers headers = whole.headers();
            for (String name : OF_THE_BODY) {
                headers = headers.without(name);
            }
            return Response.of(304, headers, Body.empty());
        }
        Response part = Ranges.of(request, whole, known, stored);
        return part == null ? whole : part;
    }

    /** Fields of a request for the whole, whatever the client has. */
    static Headers unconditional(Headers headers) {
        return headers.without("if-none-match")
                .without("if-modified-since")
                .without("if-range")
                .without("range");
    }

    /** Fields of a request by which the upstream confirms what is stored. */
    static Headers confirming(Headers headers, Stored stored) {
        Headers result = unconditional(headers);
        String etag = stored.etag();
        if (etag != null) {
            result = result.with("If-None-Match", etag);
        }
        String modified = stored.headers().get("last-modified");
        return modified == null ? result : result.with("If-Modified-Since", modified);
    }
}
