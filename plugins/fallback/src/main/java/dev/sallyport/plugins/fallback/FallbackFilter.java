package dev.sallyport.plugins.fallback;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.plugins.fallback.FallbackConfig.Rule;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts answers in the place of failures. */
final class FallbackFilter implements Filter {

    private final List<Ready> rules;

    /** A rule whose answer is made. */
    private record Ready(Rule rule, Response answer) {}

    FallbackFilter(FallbackConfig config) {
        rules = config.rules().stream()
                .map(rule -> new Ready(rule, rule.answer().response()))
                .toList();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Response response;
        try {
            response = next.proceed(request);
        } catch (UpstreamException failure) {
            Failure what = Failure.of(failure);
            Response instead = find(rule -> rule.failures().contains(what));
            if (instead == null) {
                throw failure;
            }
            request.exchange().note("fallback", "in the place of " + what);
            return instead;
        }
        Response instead = instead(response);
        if (instead == null) {
            return response;
        }
        Problem problem = response.problem();
        request.exchange()
                .note("fallback", "in the place of " + (problem == null ? response.status() : problem.code()));
        response.body().close();
        return waiting(instead, response);
    }

    private @Nullable Response instead(Response response) {
        Problem problem = response.problem();
        return problem == null
                ? find(rule -> rule.statuses().stream().anyMatch(statuses -> statuses.has(response.status())))
                : find(rule -> rule.problems().contains(problem.code())
                        || rule.problems().contains(problem.type()));
    }

    private @Nullable Response find(Predicate<Rule> fits) {
        for (Ready ready : rules) {
            if (fits.test(ready.rule())) {
                return ready.answer();
            }
        }
        return null;
    }

    /** An answer that asks to come again says when, if that was said. */
    private static Response waiting(Response instead, Response before) {
        String retryAfter = before.header("retry-after");
        boolean asks = instead.status() == 503 || instead.status() == 429;
        return retryAfter == null || !asks || instead.headers().has("retry-after")
                ? instead
                : instead.withHeader("retry-after", retryAfter);
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(request, "answers in the place of what fails behind it");
    }
}
