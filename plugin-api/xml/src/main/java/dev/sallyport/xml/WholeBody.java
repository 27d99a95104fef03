package dev.sallyport.xml;

import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import dev.sallyport.json.Rewriter;
import dev.sallyport.json.Rewriting;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Reads bodies as a whole, with their codings taken off, up to a bound. */
public final class WholeBody implements Rewriter {

    /** From here on, work on a body is done where it holds up no other exchange. */
    private static final int MUCH = 64 * 1024;

    private static final String[] OF_THE_CLIENT = {
        "content-type",
        "content-length",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "accept"
    };

    private static final String[] OF_OLD_BYTES = {
        "content-length", "content-encoding", "digest", "content-digest", "repr-digest", "content-md5"
    };

    private final long limit;
    private final Bytes out = new Bytes();
    private long count;

    private WholeBody(long limit) {
        this.limit = limit;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) throws BadContentException {
        count += to - from;
        if (count > limit) {
            throw BadContentException.tooLarge("the limit is " + limit + " bytes");
        }
        out.write(bytes, from, to);
    }

    @Override
    public void end() {
        // all that came has been passed on
    }

    @Override
    public Bytes out() {
        return out;
    }

    /** The body of a request. */
    public static byte[] of(Request request, long limit) throws IOException {
        if (request.body().isEmpty()) {
            return new byte[0];
        }
        try (var body = Rewriting.request(request, () -> new WholeBody(limit)).body();
                InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }

    /** The body of a response. */
    public static byte[] of(Response response, long limit) throws IOException {
        if (response.body().isEmpty()) {
            response.body().close();
            return new byte[0];
        }
        try (var body = Rewriting.response("POST", response, () -> new WholeBody(limit))
                        .body();
                InputStream in = body.open()) {
            return in.readAllBytes();
        }
    }

    /** The fields of a request that gets another body: without what told of the one before. */
    public static Headers fields(Request request) {
        Headers headers = Rewriting.forWhole(request).headers();
        for (String name : OF_THE_CLIENT) {
            headers = headers.without(name);
        }
        return withoutOld(headers);
    }

    /** Those fields without what told of the bytes of a body before. */
    public static Headers withoutOld(Headers headers) {
        Headers left = headers;
        for (String name : OF_OLD_BYTES) {
            left = left.without(name);
        }
        return left;
    }

    /** The fields of a response that gets another body. */
    public static Headers fields(Response response) throws IOException {
        Headers headers =
                Rewriting.response("HEAD", response, () -> new WholeBody(0)).headers();
        return headers.without("content-type");
    }

    /** The charset that a media type names; null for none. */
    public static @Nullable String charset(Headers headers) {
        String type = headers.get("content-type", "");
        for (String parameter : type.split(";", -1)) {
            String stripped = parameter.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith("charset=")) {
                return stripped.substring("charset=".length()).replace("\"", "").strip();
            }
        }
        return null;
    }

    /** Does work on that many bytes, beside the exchanges where it is much. */
    public static <T> T work(FilterContext context, int bytes, Callable<T> work) throws Exception {
        return bytes > MUCH ? context.cpu(work) : work.call();
    }
}
