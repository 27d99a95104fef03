package dev.sallyport.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error answer, told as RFC 9457 problem details. Nothing internal goes into it: the client reads it.
 *
 * <p>The gateway writes it as {@code application/problem+json}; callers of gRPC get {@code grpc-status}, browsers that
 * ask for HTML a small page.
 *
 * @param status the status code, 400 to 599
 * @param code the kind of error, kebab-case and documented; with {@code urn:sallyport:problem:} before it, it is the
 *     {@code type}; a code with a colon in it is a whole type URI itself
 * @param title what the kind means, in a few words; always the same for one code
 * @param detail what happened this time; null where there is nothing to add
 * @param members further members, of JSON shapes (strings, numbers, booleans, lists and maps of them)
 */
public record Problem(
        int status, String code, String title, @Nullable String detail, Map<String, ?> members) {

    /** The front of each type that this project defines. */
    public static final String TYPE_PREFIX = "urn:sallyport:problem:";

    /**
     * Header fields for the answer by which the gateway tells of a failure that no step has handled: the 502 of an upstream
     * that broke, the 500 of a step that failed. Steps never see that answer, so those whose fields belong on each one, such
     * as CORS, leave them on the exchange; a field of a name that the answer has by itself is not put on it.
     *
     * {@snippet :
     * exchange.put(Problem.FAILURE_FIELDS, Headers.of("access-control-allow-origin", origin));
     * }
     */
    public static final Attribute<Headers> FAILURE_FIELDS = Attribute.of("failure-fields", Headers.class);

    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
        }
        members = Map.copyOf(members);
    }

    /** A problem without detail and further members. */
    public Problem(int status, String code, String title) {
        this(status, code, title, null, Map.of());
    }

    /** This problem with a detail. */
    public Problem withDetail(String newDetail) {
        return new Problem(status, code, title, newDetail, members);
    }

    /** This problem with a further member. */
    public Problem with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(name, value);
        return new Problem(status, code, title, detail, more);
    }

    /** The {@code type}. */
    public String type() {
        return code.indexOf(':') >= 0 ? code : TYPE_PREFIX + code;
    }

    /** Its JSON, without what only a request can tell. */
    public String toJson() {
        return json(null);
    }

    /** The response that tells it. */
    public Response toResponse(Request request) {
        return Response.problem(this, Headers.of("content-type", "application/problem+json"), Body.of(json(request)));
    }

    private String json(@Nullable Request request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", type());
        json.put("title", title);
        json.put("status", status);
        if (detail != null) {
            json.put("detail", detail);
        }
        if (request != null) {
            json.put("instance", request.path());
            json.put("requestId", request.exchange().id());
        }
        members.forEach(json::putIfAbsent);
        return Json.write(json);
    }
}
