package dev.sallyport.json;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What it means for a message that its body is rewritten on its way.
 *
 * <ol>
 *   <li>gzip and deflate are taken off; another coding is refused.
 *   <li>Fields go that would tell of other bytes ({@code Content-Length}, {@code Content-MD5}, {@code Content-Digest}, …,
 *       {@code Accept-Ranges}); a strong {@code ETag} becomes a weak one.
 *   <li>Of a body that says how long it is, up to {@value #AHEAD} bytes are rewritten before the message is passed on, so that
 *       what is bad there still gets an answer of its own, and a short one says how long it is. Others are passed on as they
 *       come; where they are bad later on, they break off.
 * </ol>
 */
public final class Rewriting {

    /** How many rewritten bytes are made beforehand. */
    static final int AHEAD = 64 * 1024;

    private static final String[] OF_OTHER_BYTES = {
        "content-length", "content-md5", "digest", "content-digest", "repr-digest", "accept-ranges", "content-encoding"
    };

    private Rewriting() {}

    /** The request as it must go on where the response is to be rewritten: for the whole of it, in no coding. */
    public static Request forWhole(Request request) {
        return request.withHeaders(
                request.headers().without("range").without("if-range").with("Accept-Encoding", "identity"));
    }

    /**
     * A request with its body rewritten.
     *
     * @throws BadContentException where the body is bad; the client is told
     * @throws IOException where it breaks off
     */
    public static Request request(Request request, Supplier<? extends Rewriter> rewriter) throws IOException {
        Body body = request.body();
        if (body.isEmpty()) {
            return request;
        }
        Headers headers = request.headers();
        return request.withBody(body(body, headers, rewriter)).withHeaders(withoutOtherBytes(headers));
    }

    /** Whether a response has, or for HEAD and 304 tells of, a body that is the upstream's and could be rewritten. */
    public static boolean concerns(Response response) {
        return response.tunnel() == null && response.status() != 204 && response.problem() == null;
    }

    /**
     * A response with its body rewritten.
     *
     * @param method of its request
     * @throws BadContentException where the body is bad; the client is told
     * @throws IOException where it breaks off
     */
    public static Response response(String method, Response response, Supplier<? extends Rewriter> rewriter)
            throws IOException {
        Headers headers = response.headers();
        boolean headOnly = method.equals("HEAD") || response.status() == 304;
        if (!headOnly && (response.status() == 206 || headers.has("content-range"))) {
            response.body().close();
            throw BadContentException.part();
        }
        Headers changed = withoutOtherBytes(headers);
        String etag = changed.get("etag");
        if (etag != null && !etag.startsWith("W/")) {
            changed = changed.with("ETag", "W/" + etag); // it named other bytes (RFC 9110 §8.8.3)
        }
        Body body = response.body();
        return headOnly || body.isEmpty()
                ? response.withHeaders(changed)
                : response.withBody(body(body, headers, rewriter)).withHeaders(changed);
    }

    private static Headers withoutOtherBytes(Headers headers) {
        Headers left = headers;
        for (String name : OF_OTHER_BYTES) {
            left = left.without(name);
        }
        return left;
    }

    private static Body body(Body body, Headers headers, Supplier<? extends Rewriter> rewriter) throws IOException {
        String coding = Decoding.known(String.join(",", headers.all("content-encoding")));
        if (coding == null) {
            body.close();
            throw BadContentException.unknownCoding();
        }
        Body rewritten = body.map(in -> new RewrittenStream(Decoding.of(in, coding), rewriter.get()))
                .mapTrailers(Rewriting::withoutOtherBytes);
        return body.length() < 0 ? rewritten : begun(rewritten);
    }

    private static Body begun(Body body) throws IOException {
        InputStream in = body.open();
        byte[] beginning;
        boolean whole;
        try {
            beginning = in.readNBytes(AHEAD);
            whole = beginning.length < AHEAD;
        } catch (IOException e) {
            close(in, body, e);
            throw e;
        }
        if (whole) {
            Headers trailers = body.trailers();
            close(in, body, null);
            Body made = Body.of(beginning);
            return trailers.isEmpty() ? made : made.mapTrailers(_ -> trailers);
        }
        if (body.isReplayable()) {
            in.close();
            return body;
        }
        return new StartedBody(beginning, in, body);
    }

    private static void close(InputStream in, Body body, @Nullable IOException failure) throws IOException {
        try (body) {
            in.close();
        } catch (IOException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }
}
