package dev.sallyport.plugins.fallback;

import dev.sallyport.api.Body;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import dev.sallyport.plugins.fallback.FallbackConfig.Rule;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts answers, written ones or those of another upstream, in the place of failures. */
final class FallbackFilter implements Filter {

    /** Methods of which a second request does what one does (RFC 9110 §9.2.2). */
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

    private final List<Ready> rules;
    private final @Nullable Long keeps;
    private final boolean monitored;

    /** A rule whose answer is made, where it has one. */
    private record Ready(Rule rule, @Nullable Response answer) {}

    /** What has come of a request: a response or a failure. */
    private record Outcome(
            @Nullable Response response, @Nullable UpstreamException failure) {

        static Outcome of(Next next, Request request) throws Exception {
            try {
                return new Outcome(next.proceed(request), null);
            } catch (UpstreamException failure) {
                return new Outcome(null, failure);
            }
        }

        boolean fits(Rule rule) {
            if (response == null) {
                return rule.failures().contains(Failure.of(Objects.requireNonNull(failure)));
            }
            Problem problem = response.problem();
            return problem == null
                    ? rule.statuses().stream().anyMatch(statuses -> statuses.has(response.status()))
                    : rule.problems().contains(problem.code())
                            || rule.problems().contains(problem.type());
        }

        String told() {
            if (response == null) {
                return Failure.of(Objects.requireNonNull(failure)).toString();
            }
            Problem problem = response.problem();
            return problem == null ? Integer.toString(response.status()) : problem.code();
        }

        /** Whether it is certain that no upstream has seen the request. */
        boolean isUnsent(Exchange exchange) {
            return exchange.attempt() == null
                    || (failure != null && failure.kind().isUnsent());
        }

        void drop() {
            if (response != null) {
                response.body().close();
            }
        }

        Response end() throws UpstreamException {
            if (response == null) {
                throw Objects.requireNonNull(failure);
            }
            return response;
        }
    }

    /** @param monitored whether what it gives is dropped: then nothing is sent to another upstream */
    FallbackFilter(FallbackConfig config, boolean monitored) {
        rules = config.rules().stream()
                .map(rule -> new Ready(
                        rule, rule.answer() == null ? null : rule.answer().response()))
                .toList();
        keeps = config.sendsAgain() && !monitored ? (Long) config.maxBody().bytes() : null;
        this.monitored = monitored;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Exchange exchange = request.exchange();
        Request sent = kept(request);
        Outcome outcome = Outcome.of(next, sent);
        for (Ready ready : rules) {
            if (!outcome.fits(ready.rule())) {
                continue;
            }
            String upstream = ready.rule().upstream();
            if (upstream == null) {
                exchange.note("fallback", "in the place of " + outcome.told());
                outcome.drop();
                return waiting(Objects.requireNonNull(ready.answer()), outcome.response());
            }
            if (maySend(sent, outcome)) {
                exchange.note("fallback", "upstream " + upstream + " in the place of " + outcome.told());
                if (!monitored) {
                    outcome.drop();
                    outcome = Outcome.of(exchange.upstream(upstream), sent);
                }
            }
        }
        return outcome.end();
    }

    private Request kept(Request request) throws IOException {
        Body body = request.body();
        boolean keep = keeps != null && !body.isReplayable() && body.length() > 0 && body.length() <= keeps;
        return keep ? request.withBody(body.buffered(body.length())) : request;
    }

    private static boolean maySend(Request request, Outcome outcome) {
        return request.upgrade() == null
                && (request.body().isEmpty() || request.body().isReplayable())
                && (REPEATABLE.contains(request.method()) || outcome.isUnsent(request.exchange()));
    }

    /** An answer that asks to come again says when, if that was said. */
    private static Response waiting(Response instead, @Nullable Response before) {
        String retryAfter = before == null ? null : before.header("retry-after");
        boolean asks = instead.status() == 503 || instead.status() == 429;
        return retryAfter == null || !asks || instead.headers().has("retry-after")
                ? instead
                : instead.withHeader("retry-after", retryAfter);
    }

    @Override
    public Explanation explain(Request request) {
        String upstreams = rules.stream()
                .map(ready -> ready.rule().upstream())
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(", "));
        return new Explanation.Passes(
                request,
                "answers in the place of what fails behind it"
                        + (upstreams.isEmpty() ? "" : ", also by what upstream " + upstreams + " says"));
    }
}
