package dev.sallyport.plugins.compress;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compresses responses that are worth it, for clients that take it. */
final class CompressFilter implements Filter {

    private final CompressConfig config;

    CompressFilter(CompressConfig config) {
        this.config = config;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Response response = next.proceed(request);
        if (!isFit(response)) {
            return response;
        }
        // What another client gets differs, also where this one gets it as it is.
        Response varied = response.withHeaders(varied(response.headers()));
        Coding coding = new AcceptEncoding(request.headers().all("accept-encoding")).best(config.codings());
        if (coding == null || isGuarded(request)) {
            return varied;
        }
        request.exchange().note("coding", coding.token());
        return compressed(request, varied, coding);
    }

    private Response compressed(Request request, Response response, Coding coding) {
        Headers headers = response.headers()
                .without("accept-ranges")
                .without("content-md5")
                .without("content-length");
        String etag = headers.get("etag");
        if (etag != null && !etag.startsWith("W/")) {
            headers = headers.with("ETag", "W/" + etag); // it named other bytes (RFC 9110 §8.8.3)
        }
        Response answer = response.withHeaders(headers.with("Content-Encoding", coding.token()));
        return request.method().equals("HEAD")
                ? answer.withBody(Body.empty())
                : answer.withBody(response.body().map(in -> new CompressedBody(in, coding, config.level(coding))));
    }

    /** Whether it would be compressed for somebody. */
    private boolean isFit(Response response) {
        Headers headers = response.headers();
        int status = response.status();
        if (response.tunnel() != null
                || status == 204
                || status == 206
                || status == 304
                || headers.has("content-range")) {
            return false;
        }
        String coded = headers.get("content-encoding");
        if ((coded != null && !coded.equalsIgnoreCase("identity")) || isNotToBeChanged(headers)) {
            return false;
        }
        return isLargeEnough(response) && isOfAType(headers.get("content-type"));
    }

    /** RFC 9111 §5.2.2.6. */
    private static boolean isNotToBeChanged(Headers headers) {
        return headers.all("cache-control").stream()
                .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains("no-transform"));
    }

    /** The answer to HEAD has no body to measure, but says how long it would be. */
    private boolean isLargeEnough(Response response) {
        long length = response.body().length();
        if (length <= 0) {
            String told = response.header("content-length");
            if (told == null) {
                return length < 0;
            }
            length = told.isEmpty() || told.length() > 18 || !told.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? 0
                    : Long.parseLong(told);
        }
        return length >= config.minSize().bytes();
    }

    private boolean isOfAType(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        for (String known : config.types()) {
            boolean fits = known.startsWith("+")
                    ? type.endsWith(known)
                    : known.endsWith("/*")
                            ? type.startsWith(known.substring(0, known.length() - 1))
                            : type.equals(known);
            if (fits) {
                return true;
            }
        }
        return false;
    }

    private static Headers varied(Headers headers) {
        for (String field : headers.all("vary")) {
            for (String name : field.split(",", -1)) {
                if (name.strip().equals("*") || name.strip().equalsIgnoreCase("accept-encoding")) {
                    return headers;
                }
            }
        }
        return headers.withAdded("Vary", "Accept-Encoding");
    }

    private boolean isGuarded(Request request) {
        return switch (config.guard()) {
            case NONE -> false;
            case COOKIES -> request.headers().has("cookie") || request.headers().has("authorization");
            case CROSS_SITE -> request.headers().has("cookie") && isOfAnotherSite(request);
        };
    }

    /** Browsers say so themselves; older ones tell at least where the request comes from. */
    private static boolean isOfAnotherSite(Request request) {
        String site = request.header("sec-fetch-site");
        if (site != null) {
            return site.equals("cross-site");
        }
        for (String name : List.of("origin", "referer")) {
            String from = request.header(name);
            if (from != null) {
                return !request.headers().get("host", "").equalsIgnoreCase(authority(from));
            }
        }
        return false;
    }

    private static String authority(String url) {
        try {
            String authority = URI.create(url).getRawAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException notOne) {
            return "";
        }
    }

    @Override
    public void selfTest() throws Exception {
        for (Coding coding : config.codings()) {
            coding.test();
        }
    }

    @Override
    public Explanation explain(Request request) {
        Coding coding = new AcceptEncoding(request.headers().all("accept-encoding")).best(config.codings());
        return new Explanation.Passes(
                request,
                coding == null
                        ? "the client takes none of its codings"
                        : isGuarded(request)
                                ? "is left alone, since its length might tell a secret"
                                : "its response is compressed by " + coding.token() + " where that is worth it");
    }
}
