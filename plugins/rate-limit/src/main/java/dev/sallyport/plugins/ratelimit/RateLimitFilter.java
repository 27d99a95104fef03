package dev.sallyport.plugins.ratelimit;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.Store;
import dev.sallyport.api.Store.Take;
import io.opentelemetry.api.metrics.LongCounter;
import java.util.List;

/** Takes a token for each request; without one the answer is 429. */
final class RateLimitFilter implements Filter {

    private static final Problem QUOTA_EXCEEDED =
            new Problem(429, "https://iana.org/assignments/http-problem-types#quota-exceeded", "Too many requests");

    private final RateLimitConfig config;
    private final Store store;
    private final BucketKey key;
    private final Fields fields;
    private final LongCounter refused;
    private final Problem problem;

    RateLimitFilter(
            RateLimitConfig config, String policy, Store store, BucketKey key, Fields fields, LongCounter refused) {
        this.config = config;
        this.store = store;
        this.key = key;
        this.fields = fields;
        this.refused = refused;
        this.problem = QUOTA_EXCEEDED.with("violated-policies", List.of(policy));
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Take take = store.take(key.of(request), config.limit(), config.capacity(), 1);
        request.exchange().note("left", take.left());
        Response response = take.taken() ? next.proceed(request) : refusal(request, take);
        return config.hideFields() ? response : response.withHeaders(fields.addTo(response.headers(), take));
    }

    /** Asks how many are left, and takes none. */
    @Override
    public Explanation explain(Request request) {
        Take left = store.take(key.of(request), config.limit(), config.capacity(), 0);
        return left.left() > 0
                ? new Explanation.Passes(
                        request, "takes one of the " + left.left() + " that are left for " + key.told(request))
                : new Explanation.Answers(429, "none is left for " + key.told(request));
    }

    private Response refusal(Request request, Take take) {
        refused.add(1);
        long seconds = Fields.seconds(take.retryAfterNanos());
        return problem.withDetail("No more than " + config.limit() + " are allowed. Try again in " + seconds + " s.")
                .toResponse(request)
                .withHeader("retry-after", Long.toString(seconds));
    }
}
