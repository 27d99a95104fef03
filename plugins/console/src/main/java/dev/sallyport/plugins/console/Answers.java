package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Json;
import dev.sallyport.api.Problem;
import java.util.Map;

/** The answers of the console; what every one of them says of itself. */
final class Answers {

    /**
     * What a browser may do with what comes from here: load it from here, frame it nowhere, send nothing elsewhere. The page
     * makes no HTML out of texts, which {@code require-trusted-types-for} holds it to.
     */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Headers SAFE = Headers.of(
            "content-security-policy", POLICY,
            "x-content-type-options", "nosniff",
            "referrer-policy", "no-referrer",
            "cross-origin-opener-policy", "same-origin",
            "cross-origin-resource-policy", "same-origin",
            "cross-origin-embedder-policy", "require-corp",
            "x-frame-options", "DENY",
            "permissions-policy",
                    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(),"
                            + " microphone=(), midi=(), payment=(), usb=()");

    private Answers() {}

    /** What each answer has, with that type. */
    static Headers headers(String contentType) {
        return SAFE.with("content-type", contentType);
    }

    static Answer json(Map<String, ?> object) {
        return new Answer(200, headers("application/json"), Json.write(object));
    }

    /** A JSON text that was made elsewhere. */
    static Answer jsonText(int status, String json) {
        return new Answer(status, headers(status < 400 ? "application/json" : "application/problem+json"), json);
    }

    static Answer problem(int status, String code, String title, String detail) {
        return new Answer(
                status,
                headers("application/problem+json"),
                new Problem(status, code, title).withDetail(detail).toJson());
    }

    static Answer badRequest(String detail) {
        return problem(400, "bad-request", "Bad request", detail);
    }

    static Answer notFound(String detail) {
        return problem(404, "not-found", "Not found", detail);
    }

    static Answer methodNotAllowed(String allow) {
        return with(problem(405, "method-not-allowed", "Method not allowed", "expected: " + allow), "allow", allow);
    }

    static Answer unauthorized(String detail) {
        return with(
                problem(401, "unauthorized", "Unauthorized", detail),
                "www-authenticate",
                "Bearer realm=\"sallyport console\"");
    }

    static Answer forbidden(String detail) {
        return problem(403, "forbidden", "Forbidden", detail);
    }

    static Answer with(Answer answer, String name, String value) {
        return new Answer(answer.status(), answer.headers().with(name, value), answer.body(), answer.stream());
    }
}
