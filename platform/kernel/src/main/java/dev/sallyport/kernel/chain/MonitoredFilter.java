package dev.sallyport.kernel.chain;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.TargetUnavailableException;
import dev.sallyport.kernel.trace.StepName;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A step with {@code mode: monitor}: it runs for real, on a view of the request of its own, and whatever it does is judged,
 * told and dropped. The request goes on as it came, once: when the step calls next, else after it.
 */
final class MonitoredFilter implements Filter {

    private static final Logger LOG = System.getLogger("monitor");

    /** Lines of one step about one verdict are at least so far apart. */
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private final StepName what;
    private final String place;
    private final Filter filter;
    private final MonitorCounts counts;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    /** When a verdict was logged last, and how often it could have been since. */
    private static final class Told {
        private final AtomicLong at = new AtomicLong(System.nanoTime() - QUIET_NANOS);
        private final LongAdder since = new LongAdder();
    }

    /** @param place the route's name, {@code *}, or {@code upstream:} and a name */
    MonitoredFilter(StepName what, String place, Filter filter, MonitorCounts counts) {
        this.what = what;
        this.place = place;
        this.filter = filter;
        this.counts = counts;
    }

    Filter filter() {
        return filter;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        MonitoredRun run = new MonitoredRun(request, next);
        Response given = null;
        Throwable failure = null;
        try {
            given = filter.handle(run.shown(), run);
            if (given == null) {
                failure = new IllegalStateException("the step returned null (expected: a response)");
            }
        } catch (OutOfMemoryError e) {
            throw e; // not the step's alone
        } catch (Throwable t) {
            failure = t;
        }
        run.end(given);
        LiveExchange exchange = (LiveExchange) request.exchange();
        if (run.broken() == null && exchange.cancellation().cause() == null) {
            tell(exchange, run, judge(run, given, failure), given, failure);
        }
        return outcome(run);
    }

    private static Response outcome(MonitoredRun run) throws Exception {
        IOException broken = run.broken();
        if (broken != null) {
            throw broken;
        }
        return run.outcome();
    }

    /** What it would have done, in one word. */
    private static String judge(MonitoredRun run, @Nullable Response given, @Nullable Throwable failure) {
        if (run.isUnknown()) {
            return "unknown";
        }
        if (given == null) {
            return failure == null || run.threw(failure)
                    ? "passed"
                    : failure instanceof TargetUnavailableException ? "refused-target" : "failed";
        }
        if (!run.isCalled() || run.thrown() != null) {
            return "answered";
        }
        return run.changesRequest() || run.changesResponse(given) ? "changed" : "passed";
    }

    private void tell(
            LiveExchange exchange,
            MonitoredRun run,
            String verdict,
            @Nullable Response given,
            @Nullable Throwable failure) {
        int status = given != null && verdict.equals("answered") ? given.status() : 0;
        counts.add(place, what.id(), verdict, status);
        exchange.monitored(run.seen(verdict, given, verdict.equals("failed") ? failure : null));
        if (!verdict.equals("passed")) {
            log(exchange, verdict, words(exchange, run, verdict, given, failure));
        }
    }

    private static String words(
            LiveExchange exchange,
            MonitoredRun run,
            String verdict,
            @Nullable Response given,
            @Nullable Throwable failure) {
        return switch (verdict) {
            case "unknown" ->
                "what it would have done is unknown: it looks at a body that streams or has more than "
                        + ShownBody.BOUND + " bytes";
            case "answered" -> "would have answered " + (given == null ? "" : status(given));
            case "changed" ->
                "would have changed "
                        + (!run.changesRequest()
                                ? "the response"
                                : given != null && run.changesResponse(given)
                                        ? "the request and the response"
                                        : "the request");
            case "refused-target" -> "would have refused the target";
            default -> "would have failed: " + exchange.hide(String.valueOf(failure));
        };
    }

    private static String status(Response given) {
        Problem problem = given.problem();
        return given.status() + (problem == null ? "" : ": " + problem.title());
    }

    /** One line in a while: the metric has them all. */
    private void log(LiveExchange exchange, String verdict, String words) {
        Told last = told.computeIfAbsent(verdict, first -> new Told());
        long now = System.nanoTime();
        long before = last.at.get();
        if (now - before < QUIET_NANOS || !last.at.compareAndSet(before, now)) {
            last.since.increment();
            LOG.log(Level.DEBUG, "request {0}, {1}: {2}", exchange.id(), what, words);
            return;
        }
        long others = last.since.sumThenReset();
        LOG.log(
                Level.INFO,
                "request {0}, {1}: {2}{3}",
                exchange.id(),
                what,
                words,
                others == 0 ? "" : "; " + others + " others since the last such line");
    }
}
