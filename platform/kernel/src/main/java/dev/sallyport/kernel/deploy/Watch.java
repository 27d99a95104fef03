package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.canary.Arm;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ResolvedRoute;
import dev.sallyport.kernel.recent.RecentExchanges.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change that is watched: whether the routes that it touches do worse than before. What came before is known from a
 * sample; what comes after is counted. Counting is thread-safe, judging is for the deploying thread.
 */
public final class Watch {

    /** A difference in time that nobody minds, whatever the factor. */
    private static final double SLACK_MILLIS = 10;

    private final int generation;
    private final int before;
    private final WatchRule rule;
    private final @Nullable Set<String> routes;
    private final Arm then = new Arm();
    private final Arm now = new Arm();
    private final Instant until;
    private volatile State state = State.WATCHING;
    private volatile String why = "";

    /** How it stands. */
    public enum State {
        WATCHING,
        KEPT,
        ROLLED_BACK,
        SUPERSEDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param generation what came to serve
     * @param before what served before it
     * @param routes those that are touched; null for all
     * @param sample how exchanges ended before
     */
    Watch(int generation, int before, WatchRule rule, @Nullable Set<String> routes, List<Ended> sample, Instant start) {
        this.generation = generation;
        this.before = before;
        this.rule = rule;
        this.routes = routes;
        this.until = start.plus(rule.window());
        sample.stream()
                .filter(each -> each.generation() < generation && isTouched(each.route()))
                .forEach(each -> count(then, each.status(), each.nanos()));
    }

    /** The routes that a change touches; null where it may be any. */
    static @Nullable Set<String> touched(List<String> changes, ResolvedConfig config) {
        Set<String> routes = new TreeSet<>();
        for (String change : changes) {
            String[] words = change.split(" ", 3);
            switch (words[0]) {
                case "route" -> routes.add(words[1]);
                case "upstream" ->
                    config.routes().stream()
                            .filter(route -> route.upstreamNames().contains(words[1])
                                    || route.others().contains(words[1]))
                            .map(ResolvedRoute::route)
                            .forEach(route -> routes.add(route.name()));
                case "file" -> {
                    // tells nothing that the parts in it do not
                }
                default -> {
                    return null;
                }
            }
        }
        return routes;
    }

    private boolean isTouched(@Nullable String route) {
        return routes == null || (route != null && routes.contains(route));
    }

    private static void count(Arm arm, int status, long nanos) {
        arm.count(status >= 500, nanos, nanos);
    }

    /** An exchange has ended. */
    void ended(Ended exchange) {
        if (state == State.WATCHING && exchange.generation() >= generation && isTouched(exchange.route())) {
            count(now, exchange.status(), exchange.nanos());
        }
    }

    /** Looks how it does; true where it is to be taken back, and {@link #why} says why. */
    boolean judge(int serves, Instant at) {
        if (state != State.WATCHING) {
            return false;
        }
        if (serves != generation) {
            end(State.SUPERSEDED, "generation " + serves + " serves now");
            return false;
        }
        String worse = now.requests() < WatchRule.ENOUGH ? null : worse();
        if (worse != null) {
            why = worse;
            return true;
        }
        if (!at.isBefore(until)) {
            end(
                    State.KEPT,
                    now.requests() < WatchRule.ENOUGH
                            ? now.requests() + " requests are too few to judge by"
                            : "no worse than before");
        }
        return false;
    }

    private @Nullable String worse() {
        if (now.errorRate() > then.errorRate() + rule.maxErrors()) {
            return String.format(
                    Locale.ROOT,
                    "%.1f %% of %d requests failed, %.1f %% before (bound: %s more)",
                    now.errorRate(),
                    now.requests(),
                    then.errorRate(),
                    rule.maxErrors() + " %");
        }
        double slow = now.latencyMillis(0.99);
        double was = then.latencyMillis(0.99);
        if (then.requests() >= WatchRule.ENOUGH && slow > was * rule.maxLatency() && slow > was + SLACK_MILLIS) {
            return String.format(
                    Locale.ROOT,
                    "p99 is %.1f ms over %d requests, %.1f ms before (bound: %s times)",
                    slow,
                    now.requests(),
                    was,
                    Double.toString(rule.maxLatency()));
        }
        return null;
    }

    void end(State as, String because) {
        why = because;
        state = as;
    }

    public int generation() {
        return generation;
    }

    /** What it goes back to. */
    public int before() {
        return before;
    }

    public State state() {
        return state;
    }

    /** Why it ended; or is to. */
    public String why() {
        return why;
    }

    /** When it ends by itself. */
    public Instant until() {
        return until;
    }

    /** The routes that are watched; null for all. */
    public @Nullable Set<String> routes() {
        return routes;
    }

    /** How they did before. */
    public Arm then() {
        return then;
    }

    /** How they do. */
    public Arm now() {
        return now;
    }

    /** How long it takes. */
    public Duration window() {
        return rule.window();
    }
}
