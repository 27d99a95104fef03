package dev.sallyport.plugins.validation;

import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.List;

/** The answers of both steps. */
final class Answers {

    private static final Problem REQUEST = new Problem(400, "request-invalid", "The request is not valid");
    private static final Problem RESPONSE = new Problem(502, "response-invalid", "The response is not valid");
    private static final Problem MEDIA_TYPE =
            new Problem(415, "media-type-unsupported", "The media type is not supported");

    private Answers() {}

    /** Tells a client all that is wrong. */
    static Response invalid(Request request, List<Violation> violations) {
        request.exchange().note("violations", told(violations));
        return REQUEST.with(
                        "errors", violations.stream().map(Violation::members).toList())
                .toResponse(request);
    }

    /** Tells a client that the upstream's answer is not shown; what is wrong with it is noted for those who run the gateway. */
    static Response withheld(Request request, List<Violation> violations) {
        request.exchange().note("violations", told(violations));
        return RESPONSE.toResponse(request);
    }

    /** Refuses a media type, and says which would do. */
    static Response unsupported(Request request, String why, String expected) {
        request.exchange().note("refused", why);
        return MEDIA_TYPE.withDetail(why + " (expected: " + expected + ")").toResponse(request);
    }

    /** As a note. */
    static String told(List<Violation> violations) {
        StringBuilder told = new StringBuilder();
        for (Violation violation : violations) {
            told.append(told.isEmpty() ? "" : "; ");
            if (violation.in() != null) {
                told.append(violation.in()).append(' ');
            }
            if (violation.name() != null) {
                told.append(violation.name()).append(' ');
            }
            if (!violation.pointer().isEmpty()) {
                told.append(violation.pointer()).append(' ');
            }
            told.append(violation.detail());
        }
        return told.toString();
    }
}
