package dev.sallyport.kernel.http;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Tells problems to those who do not read {@code application/problem+json}: callers of gRPC, and people at browsers. */
final class ProblemForms {

    private ProblemForms() {}

    /** The response in the form that the request's sender reads; another response as it is. */
    static Response fit(Request request, Response response) {
        Problem problem = response.problem();
        if (problem == null) {
            return response;
        }
        String type = request.headers().get("content-type", "");
        if (type.startsWith("application/grpc")) {
            // gRPC-Web has the same head, under its own name.
            return grpc(problem, response, type.startsWith("application/grpc-web") ? type : "application/grpc");
        }
        return wantsHtml(request) ? html(problem, request, response) : response;
    }

    /** A response of head alone (gRPC over HTTP/2, "Trailers-Only"). */
    private static Response grpc(Problem problem, Response response, String type) {
        String message = problem.detail() == null ? problem.title() : problem.title() + ": " + problem.detail();
        Headers headers = response.headers()
                .with("content-type", type)
                .with("grpc-status", Integer.toString(grpcStatus(problem.status())))
                .with(
                        "grpc-message",
                        URLEncoder.encode(message, StandardCharsets.UTF_8).replace("+", "%20"));
        return Response.of(200, headers, Body.empty());
    }

    /** The status that a client of gRPC would make of an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping"). */
    private static int grpcStatus(int status) {
        return switch (status) {
            case 400 -> 13;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 12;
            case 429, 502, 503, 504 -> 14;
            default -> 2;
        };
    }

    /** Browsers name HTML first; who names JSON, or nothing, gets JSON. */
    private static boolean wantsHtml(Request request) {
        String accept = request.headers().get("accept", "").toLowerCase(Locale.ROOT);
        return accept.startsWith("text/html") && !accept.contains("json");
    }

    private static Response html(Problem problem, Request request, Response response) {
        String detail = problem.detail() == null ? "" : "<p>" + escaped(problem.detail()) + "</p>";
        String page = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>%1$d %2$s</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:15vh auto;padding:0 1em}small{color:#666}</style>
            </head><body><h1>%1$d %2$s</h1>%3$s<small>Request %4$s</small></body></html>
            """.formatted(
                        problem.status(),
                        escaped(problem.title()),
                        detail,
                        escaped(request.exchange().id()));
        return Response.of(
                problem.status(), response.headers().with("content-type", "text/html; charset=utf-8"), Body.of(page));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
