package dev.sallyport.plugins.console;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import dev.sallyport.plugins.console.Key.By;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears of one exchange: counts it, and keeps what one wants to know when it has failed. */
final class Watching implements ExchangeObserver {

    private static final int MOST_TRIES = 10;
    private static final int MOST_NOTES = 12;
    private static final int LONGEST = 200;

    private static final String NONE = "none";
    private static final String[] CLASSES = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};

    private final Counters counters;
    private final @Nullable RecentRequests requests;
    private final Limits limits;
    private final Request request;
    private final boolean countsSteps;
    private final List<RecentRequest.Try> tries = new ArrayList<>(1);
    private final List<String> notes = new ArrayList<>(0);
    private long attemptAt;
    private boolean counted;

    /** The innermost step that did something else than to let the request pass. */
    private @Nullable StepInfo decided;

    private @Nullable Verdict how;
    private @Nullable Problem problem;

    Watching(Counters counters, @Nullable RecentRequests requests, Limits limits, Request request) {
        this.counters = counters;
        this.requests = requests;
        this.limits = limits;
        this.request = request;
        this.countsSteps = counters.countsSteps();
        counters.begun();
    }

    @Override
    public boolean observesSteps() {
        return requests != null || countsSteps;
    }

    @Override
    public void stepLeft(StepInfo step, Verdict verdict, @Nullable Throwable failure, long selfNanos) {
        if (countsSteps) {
            boolean failed = verdict == Verdict.FAILED || verdict == Verdict.SKIPPED;
            int bucket = Buckets.of(selfNanos);
            counters.count(new Key(By.STEP, step.place(), step.id()), failed, bucket);
            if (verdict == Verdict.ANSWERED) {
                counters.count(new Key(By.STEP_ANSWERED, step.place(), step.id()), false, bucket);
            }
        }
        if (verdict == Verdict.ANSWERED || verdict == Verdict.FAILED) {
            decided = step;
            how = verdict;
        } else if (verdict == Verdict.PASSED && failure == null && how == Verdict.FAILED) {
            decided = null; // it has made a response out of what came to it: a fallback, a retry
            how = null;
        }
    }

    @Override
    public void noted(String name, Object value) {
        if (notes.size() < MOST_NOTES) {
            notes.add(name + ": " + RecentRequest.brief(String.valueOf(value), LONGEST));
        }
    }

    @Override
    public Request attemptBegins(Attempt attempt, Request sent) {
        attemptAt = System.nanoTime();
        return sent;
    }

    @Override
    public void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {
        long nanos = System.nanoTime() - attemptAt;
        boolean error = failure != null || status >= 500;
        if (failure == null) {
            decided = null; // by the target, whatever an earlier try met
            how = null;
        }
        int bucket = Buckets.of(nanos);
        counters.count(new Key(By.UPSTREAM, attempt.upstream()), error, bucket);
        counters.count(new Key(By.UPSTREAM_TARGET, attempt.upstream(), attempt.shown()), error, bucket);
        counters.count(new Key(By.ROUTE_UPSTREAM, route(request.exchange()), attempt.upstream()), error, bucket);
        if (requests != null && tries.size() < MOST_TRIES) {
            tries.add(new RecentRequest.Try(
                    attempt.upstream(),
                    attempt.shown(),
                    status,
                    nanos,
                    failure == null ? null : failure.getClass().getSimpleName()));
        }
    }

    @Override
    public void answered(Response response) {
        problem = response.problem();
        Consumer consumer = request.exchange().consumer();
        if (consumer != null) {
            limits.saw(
                    consumer.name(),
                    route(request.exchange()),
                    response.status(),
                    response.headers(),
                    request.exchange().startedAt().toEpochMilli());
        }
    }

    @Override
    public void ended(Completion completion) {
        if (counted) {
            return;
        }
        counted = true;
        counters.ended();
        Exchange exchange = request.exchange();
        boolean error = completion.status() >= 500 || completion.outcome() == Completion.Outcome.FAILED;
        int bucket = Buckets.of(completion.duration().toNanos());
        String route = route(exchange);
        counters.count(Key.ALL, error, bucket);
        counters.count(new Key(By.ROUTE, route), error, bucket);
        counters.count(
                new Key(By.STATUS, CLASSES[Math.clamp(completion.status() / 100, 0, CLASSES.length - 1)]),
                error,
                bucket);
        counters.count(new Key(By.LISTENER_ROUTE, exchange.listener(), route), error, bucket);
        Consumer consumer = exchange.consumer();
        if (consumer != null) {
            counters.count(new Key(By.CONSUMER, counters.consumer(consumer.name())), error, bucket);
        }
        if (requests != null) {
            requests.add(RecentRequest.of(request, completion, decided, how, problem, tries, notes));
        }
    }

    private static String route(Exchange exchange) {
        String route = exchange.route();
        return route == null ? NONE : route;
    }
}
