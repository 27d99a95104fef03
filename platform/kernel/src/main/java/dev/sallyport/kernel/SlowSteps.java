package dev.sallyport.kernel;

import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.chain.StepNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Names the steps in which a request stays longer than {@code limits.stepTime}, while it is there: also one that never
 * returns. It looks at what runs ten times a second, from a thread of its own, so requests pay nothing for it.
 */
final class SlowSteps implements AutoCloseable {

    private static final Logger LOG = System.getLogger("watchdog");

    private static final long PAUSE_MILLIS = 100;

    /** Lines of one step are at least so far apart. */
    private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int FRAMES = 10;

    private final Supplier<Set<LiveExchange>> exchanges;
    private final LongAdder count = new LongAdder();
    private final Map<String, Told> told = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private Map<LiveExchange, Stay> stays = new HashMap<>();

    /** An exchange in a step: its progress tells whether it has left it meanwhile. */
    private record Stay(int progress, long since, boolean counted) {}

    /** When a step was named last, and how often it could have been since. */
    private record Told(long at, int since) {}

    SlowSteps(Supplier<Set<LiveExchange>> exchanges) {
        this.exchanges = exchanges;
        thread = Thread.ofPlatform().daemon().name("slow-steps").start(this::watch);
    }

    /** How often a request has stayed too long in a step. */
    long count() {
        return count.sum();
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            look(System.nanoTime());
        }
    }

    private void look(long now) {
        Map<LiveExchange, Stay> seen = new HashMap<>();
        for (LiveExchange exchange : exchanges.get()) {
            StepNode step = exchange.current();
            if (step == null) {
                continue;
            }
            int progress = exchange.progress();
            Stay stay = stays.get(exchange);
            if (stay == null || stay.progress() != progress) {
                stay = new Stay(progress, now, false);
            } else if (!stay.counted()) {
                Duration limit =
                        exchange.generation().config().config().limits().stepTime();
                if (now - stay.since() >= limit.toNanos()) {
                    name(step, exchange, limit, now);
                    stay = new Stay(progress, stay.since(), true);
                }
            }
            seen.put(exchange, stay);
        }
        stays = seen;
    }

    private void name(StepNode step, LiveExchange exchange, Duration limit, long now) {
        count.increment();
        Told before = told.get(step.name());
        if (before != null && now - before.at() < QUIET_NANOS) {
            told.put(step.name(), new Told(before.at(), before.since() + 1));
            return;
        }
        told.values().removeIf(old -> now - old.at() >= QUIET_NANOS);
        told.put(step.name(), new Told(now, 0));
        LOG.log(
                Level.WARNING,
                "{0}: request {1} has been in it for more than {2} ms, its budget (limits.stepTime){3}\n{4}",
                step.name(),
                exchange.id(),
                Long.toString(limit.toMillis()),
                before == null || before.since() == 0 ? "" : "; so have " + before.since() + " others before it",
                Stacks.of(exchange.thread(), FRAMES));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
