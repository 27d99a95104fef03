package dev.sallyport.plugins.retry;

import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Repeats requests. What it decides for one try is an {@link Outcome}. */
final class RetryFilter implements Filter {

    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

    private final RetryConfig config;
    private final Clock clock;
    private final Budget budget;
    private final Pauses pauses;
    private final Sleep sleep;
    private final LongCounter retries;
    private final LongCounter refused;

    /** Waits; a test's does not. */
    interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    /**
     * What a try has come to: a response or a failure.
     *
     * @param reason why it should be repeated, for metrics: {@code status} or a failure; null where it should not
     */
    private record Outcome(
            @Nullable Response response,
            @Nullable UpstreamException failure,
            @Nullable String reason) {

        Response end() throws UpstreamException {
            if (failure != null) {
                throw failure;
            }
            if (response == null) {
                throw new AssertionError("neither a response nor a failure");
            }
            return response;
        }

        String told() {
            return response == null ? String.valueOf(reason) : "status " + response.status();
        }
    }

    RetryFilter(RetryConfig config, Clock clock, Meter meter, DoubleSupplier random, Sleep sleep) {
        this.config = config;
        this.clock = clock;
        this.sleep = sleep;
        budget = new Budget(config.budget(), config.reserve());
        pauses = new Pauses(config.backoff(), config.maxBackoff(), random);
        retries = meter.counterBuilder("sallyport.retry.retries")
                .setDescription("Requests that were sent again, by what had happened.")
                .build();
        refused = meter.counterBuilder("sallyport.retry.refused")
                .setDescription("Requests that failed and were not sent again, by what stood in the way.")
                .build();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (request.upgrade() != null) {
            return next.proceed(request);
        }
        budget.payIn();
        Exchange exchange = request.exchange();
        if (config.tryTimeout() != null) {
            exchange.attemptTimeout(config.tryTimeout());
        }
        boolean repeatable = config.methods().contains(request.method());
        Request sent = repeatable ? kept(request) : request;
        for (int tries = 1; ; tries++) {
            Outcome outcome = tried(sent, next, repeatable);
            if (outcome.reason() == null) {
                return outcome.end();
            }
            Duration asked = asked(outcome);
            Duration wait = asked.plus(pauses.after(tries));
            String obstacle = obstacle(sent, tries, asked, wait);
            if (obstacle != null) {
                exchange.note("notRetried", outcome.told() + ", but " + obstacle);
                return outcome.end();
            }
            if (outcome.response() != null) {
                outcome.response().body().close();
            }
            exchange.note("retry" + tries, outcome.told() + ", again after " + wait.toMillis() + " ms");
            retries.add(1, Attributes.of(REASON, outcome.reason()));
            if (wait.isPositive()) {
                sleep.sleep(wait); // the deadline of the exchange interrupts it
            }
        }
    }

    private Request kept(Request request) throws IOException {
        return request.withBody(
                Bodies.kept(request.body(), (int) config.maxBody().bytes()));
    }

    private Outcome tried(Request request, Next next, boolean repeatable) throws Exception {
        try {
            Response response = next.proceed(request);
            // What a step behind has answered by itself is no failure of the upstream.
            boolean failed = repeatable
                    && response.problem() == null
                    && config.statuses().contains(response.status());
            return new Outcome(response, null, failed ? "status" : null);
        } catch (UpstreamException e) {
            Failure failure = Failure.of(e);
            boolean mayRepeat = repeatable || e.kind().isUnsent();
            return new Outcome(null, e, mayRepeat && config.failures().contains(failure) ? failure.toString() : null);
        }
    }

    private Duration asked(Outcome outcome) {
        Response response = outcome.response();
        return response == null ? RetryAfter.of(outcome.failure()) : RetryAfter.of(response, clock.instant());
    }

    /** What stands in the way of another try, in words; null where nothing does, and then the budget has been taken from. */
    private @Nullable String obstacle(Request request, int tries, Duration asked, Duration wait) {
        if (tries >= config.attempts()) {
            return refused("attempts", tries + " attempts are all");
        }
        if (!request.body().isEmpty() && !request.body().isReplayable()) {
            return refused("body", "its body was not kept");
        }
        if (asked.compareTo(config.maxRetryAfter()) > 0) {
            return refused("retry-after", "it is asked to wait for " + asked.toSeconds() + " s");
        }
        Instant deadline = request.exchange().deadline();
        if (deadline != null && !clock.instant().plus(wait).isBefore(deadline)) {
            return refused("deadline", "its time is up");
        }
        return budget.takeOne() ? null : refused("budget", "the budget is spent");
    }

    private String refused(String reason, String told) {
        refused.add(1, Attributes.of(REASON, reason));
        return told;
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(
                request,
                request.upgrade() != null
                        ? "it is tried once: it asks for another protocol"
                        : config.methods().contains(request.method())
                                ? "it is tried up to " + config.attempts() + " times"
                                : "it is tried again only where no target has seen it");
    }

    @Override
    public Map<String, ?> state() {
        return Map.of("budgetLeft", budget.left());
    }
}
