package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.List;

/**
 * Answers 429, and counts that; or 503, where nobody knows.
 *
 * @param refused how often
 */
record Refusal(LongCounter refused) {

    private static final Problem QUOTA_EXCEEDED =
            new Problem(429, "https://iana.org/assignments/http-problem-types#quota-exceeded", "Too many requests");

    private static final Problem UNAVAILABLE =
            new Problem(503, "rate-limit-unavailable", "The limit cannot be asked at present");

    /**
     * The answer.
     *
     * @param violated the names of the limits that refuse
     * @param allowed what they allow
     * @param retryAfterNanos how long until they let it pass; {@link Long#MAX_VALUE} where they never do
     */
    Response of(Request request, List<String> violated, String allowed, long retryAfterNanos) {
        refused.add(1);
        boolean never = retryAfterNanos == Long.MAX_VALUE;
        long seconds = never ? 0 : Fields.seconds(retryAfterNanos);
        Response response = QUOTA_EXCEEDED
                .with("violated-policies", violated)
                .withDetail("No more than " + allowed + " are allowed."
                        + (never ? " The request counts more than that." : " Try again in " + seconds + " s."))
                .toResponse(request);
        return never ? response : response.withHeader("retry-after", Long.toString(seconds));
    }

    /** The answer where the store is away, and nothing is to pass without it. */
    static Response away(Request request) {
        return UNAVAILABLE
                .withDetail("What counts the requests does not answer. Try again in a moment.")
                .toResponse(request)
                .withHeader("retry-after", "1");
    }
}
