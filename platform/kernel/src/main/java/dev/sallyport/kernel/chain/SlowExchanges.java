package dev.sallyport.kernel.chain;

import dev.sallyport.api.Attempt;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Exporter;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.telemetry.ExchangeObserver;
import dev.sallyport.api.telemetry.StepInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Names, in the log, the steps and targets in which exchanges have spent their time that took longer than {@code
 * log.slowRequests} until the head of their response was there. What a body takes after that depends on the client and on what
 * streams, so it does not count. Thread-safe; one for the process.
 */
public final class SlowExchanges {

    private static final Logger LOG = System.getLogger("slow-requests");

    /** Lines that name the same place first are at least so far apart. */
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int MOST_NAMED = 3;
    private static final String BODY = "for the request's body";
    private static final int MOST_PLACES = 1_000;
    private static final long MILLI = 1_000_000;

    private final LongAdder count = new LongAdder();
    private final Map<Duration, Exporter> watchers = new ConcurrentHashMap<>();
    private final Map<String, Told> told = new HashMap<>();

    /** When a place was named first last, and how often it could have been since. */
    private record Told(long at, int since) {}

    /** How many there were. */
    public long count() {
        return count.sum();
    }

    /** What looks at exchanges that take longer than that; the same one for each generation, so that it sees long ones to their end. */
    Exporter over(Duration limit) {
        return watchers.computeIfAbsent(limit, first -> watcher(limit));
    }

    private Exporter watcher(Duration limit) {
        return new Exporter() {
            @Override
            public ExchangeObserver begins(Request request) {
                return new Watched(request, limit);
            }
        };
    }

    /** One exchange, which may turn out to be slow. */
    private final class Watched implements ExchangeObserver {

        private final Request request;
        private final Duration limit;
        private final long began = System.nanoTime();
        private final Map<Object, Long> nanos = new LinkedHashMap<>();
        private long last = began;
        private long attemptBegan;

        Watched(Request request, Duration limit) {
            this.request = request;
            this.limit = limit;
        }

        @Override
        public boolean observesSteps() {
            return true;
        }

        @Override
        public void stepLeft(StepInfo step, Verdict verdict, @Nullable Throwable failure, long selfNanos) {
            last = System.nanoTime();
            nanos.merge(step, selfNanos, Long::sum);
        }

        @Override
        public Request attemptBegins(Attempt attempt, Request sent) {
            attemptBegan = System.nanoTime();
            return sent;
        }

        @Override
        public void attemptEnded(Attempt attempt, int status, @Nullable Throwable failure) {
            last = System.nanoTime();
            // What the client took to send its body is not the target's time.
            long own = request.exchange() instanceof LiveExchange live
                    ? live.sinceBody(attemptBegan, last)
                    : last - attemptBegan;
            nanos.merge(attempt, own, Long::sum);
            nanos.merge(BODY, last - attemptBegan - own, Long::sum);
        }

        @Override
        public void ended(Completion completion) {
            if (last - began >= limit.toNanos()) {
                tell(this, completion);
            }
        }
    }

    private void tell(Watched watched, Completion completion) {
        count.increment();
        String places = watched.nanos.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .filter(each -> !each.getKey().equals(BODY) || each.getValue() >= MILLI)
                .limit(MOST_NAMED)
                .map(each -> each.getValue() / MILLI + " ms " + place(each.getKey()))
                .collect(Collectors.joining(", "));
        String worst = watched.nanos.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(each -> place(each.getKey()))
                .orElse("");
        Told before = before(worst);
        if (before == null) {
            return;
        }
        Exchange exchange = watched.request.exchange();
        LogMask mask = exchange.get(LogMask.OF_EXCHANGE);
        String path = watched.request.target().path();
        LOG.log(
                Level.WARNING,
                "request {0}, {1} {2}{3}, status {4}: {5} ms to its answer, over log.slowRequests of {6} ms: {7}{8}",
                exchange.id(),
                watched.request.method(),
                mask == null ? path : mask.path(path),
                exchange.route() == null ? "" : " on route " + exchange.route(),
                completion.status(),
                Long.toString((watched.last - watched.began) / MILLI),
                Long.toString(watched.limit.toMillis()),
                places,
                before.since() == 0 ? "" : "; so were " + before.since() + " others since the last such line");
    }

    /** When this place was named last, where it may be named now; null else. */
    private synchronized @Nullable Told before(String place) {
        long now = System.nanoTime();
        Told last = told.get(place);
        if (last != null && now - last.at() < QUIET_NANOS) {
            told.put(place, new Told(last.at(), last.since() + 1));
            return null;
        }
        if (told.size() >= MOST_PLACES) {
            told.values().removeIf(old -> now - old.at() >= QUIET_NANOS);
        }
        told.put(place, new Told(now, 0));
        return last == null ? new Told(now, 0) : last;
    }

    private static String place(Object place) {
        return switch (place) {
            case StepInfo step -> "in step " + step.id() + " of " + step.place();
            case Attempt attempt ->
                "at " + attempt.shown() + " (upstream " + attempt.upstream() + ", attempt " + attempt.number() + ")";
            case String other -> other;
            default -> throw new IllegalArgumentException(String.valueOf(place));
        };
    }
}
