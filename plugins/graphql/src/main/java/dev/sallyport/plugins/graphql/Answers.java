package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Json;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How refusals are told: as GraphQL's errors, or as a problem to those that ask for one. */
final class Answers {

    private static final String GRAPHQL = "application/graphql-response+json";

    private Answers() {}

    static Response of(Request request, RefusedException refusal) {
        Response response = told(request, refusal);
        if (refusal.why() == RefusedException.Why.METHOD) {
            boolean known = request.method().equals("GET") || request.method().equals("HEAD");
            response = response.withHeader("allow", known ? "POST" : "GET, HEAD, POST");
        }
        return refusal.why().status == 200 ? response.withHeader("cache-control", "no-store") : response;
    }

    private static Response told(Request request, RefusedException refusal) {
        String accept = String.join(",", request.headers().all("accept")).toLowerCase(Locale.ROOT);
        int status = refusal.why().status;
        if (status >= 400 && accept.contains("application/problem+json") && !accept.contains("graphql")) {
            return new Problem(status, refusal.why().problem, refusal.why().title)
                    .withDetail(refusal.text())
                    .with("errors", List.of(error(refusal)))
                    .toResponse(request);
        }
        Map<String, Object> error = error(refusal);
        @SuppressWarnings("unchecked")
        Map<String, Object> extensions = (Map<String, Object>) error.get("extensions");
        if (extensions != null) {
            extensions.put("requestId", request.exchange().id());
        }
        return Response.of(
                status,
                Headers.of("content-type", accept.contains(GRAPHQL) ? GRAPHQL : "application/json"),
                Body.of(Json.write(Map.of("errors", List.of(error)))));
    }

    /** One of GraphQL's errors (October 2021, §7.1.2). */
    static Map<String, Object> error(RefusedException refusal) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("message", refusal.text());
        if (refusal.line() > 0) {
            Map<String, Object> location = new LinkedHashMap<>(); // in this order in each process
            location.put("line", refusal.line());
            location.put("column", refusal.column());
            error.put("locations", List.of(location));
        }
        Map<String, Object> extensions = new LinkedHashMap<>();
        extensions.put("code", refusal.why().code);
        extensions.put("type", Problem.TYPE_PREFIX + refusal.why().problem);
        String path = refusal.path();
        if (path != null) {
            extensions.put("field", path);
        }
        error.put("extensions", extensions);
        return error;
    }
}
