package dev.sallyport.plugins.cors;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers preflight requests by itself, and puts the CORS response headers on all other answers, in the place of those
 * of the upstream (WHATWG Fetch, "CORS protocol").
 */
final class CorsFilter implements Filter {

    private static final Problem DENIED =
            new Problem(403, "cors-denied", "Pages of this origin may not call the service");

    private static final String FAMILY = "access-control-";

    private final CorsConfig config;
    private final Origins origins;

    /**
     * Whether all get the same answer, also requests without an origin: what a cache kept of one of those must serve pages
     * too, or it would have to vary.
     */
    private final boolean sameForAll;

    private final @Nullable String exposed;

    CorsFilter(CorsConfig config) {
        this.config = config;
        origins = new Origins(config.origins());
        sameForAll = config.takesAllOrigins();
        exposed = config.expose().isEmpty() ? null : String.join(", ", config.expose());
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        String origin = allowedOrigin(request);
        String method = request.header("access-control-request-method");
        if (method != null
                && request.method().equals("OPTIONS")
                && request.headers().has("origin")) {
            return preflight(request, origin, method);
        }
        if (origin != null) {
            Headers others = request.exchange().get(Problem.FAILURE_FIELDS);
            request.exchange().put(Problem.FAILURE_FIELDS, told(others == null ? Headers.empty() : others, origin));
        }
        Response response = next.proceed(request);
        return response.tunnel() == null ? response.withHeaders(told(response.headers(), origin)) : response;
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    /** What to answer as the allowed origin; null where there is none. */
    private @Nullable String allowedOrigin(Request request) {
        if (sameForAll) {
            return "*";
        }
        List<String> told = request.headers().all("origin");
        return told.size() == 1 && origins.take(told.getFirst()) ? told.getFirst() : null;
    }

    /**
     * Whether a method or a header may be used is for the browser to judge by the lists, and to say in its console; so it
     * gets them also where they do not have what it asked for.
     */
    private Response preflight(Request request, @Nullable String origin, String method) {
        if (origin == null) {
            request.exchange().note("refused", "origin");
            return vary(DENIED.toResponse(request));
        }
        request.exchange().note("preflight", method);
        Headers.Builder fields = Headers.builder(8);
        allow(fields, origin);
        String methods = config.takesAllMethods() ? method : String.join(", ", config.methods());
        if (!methods.isEmpty()) {
            fields.add("access-control-allow-methods", methods);
        }
        String headers = config.takesAllHeaders()
                ? String.join(", ", request.headers().all("access-control-request-headers"))
                : String.join(", ", config.headers());
        if (!headers.isEmpty()) {
            fields.add("access-control-allow-headers", headers);
        }
        if (config.privateNetwork() && "true".equals(request.header("access-control-request-private-network"))) {
            fields.add("access-control-allow-private-network", "true");
        }
        fields.add("access-control-max-age", Long.toString(config.maxAge().toSeconds()));
        return vary(Response.of(204).withHeaders(fields.build()));
    }

    private static Response vary(Response response) {
        return response.withHeader(
                "vary",
                "origin, access-control-request-method, access-control-request-headers,"
                        + " access-control-request-private-network");
    }

    private void allow(Headers.Builder fields, String origin) {
        fields.add("access-control-allow-origin", origin);
        if (config.credentials()) {
            fields.add("access-control-allow-credentials", "true");
        }
    }

    /** The fields of an answer, with what this step has to tell in the place of what others told. */
    private Headers told(Headers fields, @Nullable String origin) {
        boolean varies = !sameForAll && !varies(fields);
        if (origin == null && !varies && !hasFamily(fields)) {
            return fields;
        }
        Headers.Builder told = Headers.builder(fields.size() + 4);
        for (int i = 0; i < fields.size(); i++) {
            if (!isFamily(fields.name(i))) {
                told.add(fields, i);
            }
        }
        if (origin != null) {
            allow(told, origin);
            if (exposed != null) {
                told.add("access-control-expose-headers", exposed);
            }
        }
        if (varies) {
            told.add("vary", "origin");
        }
        return told.build();
    }

    private static boolean varies(Headers fields) {
        for (String field : fields.all("vary")) {
            for (String name : field.split(",", -1)) {
                if (name.strip().equalsIgnoreCase("origin") || name.strip().equals("*")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasFamily(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (isFamily(fields.name(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFamily(String name) {
        return name.regionMatches(true, 0, FAMILY, 0, FAMILY.length());
    }
}
