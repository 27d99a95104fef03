package dev.sallyport.kernel.balance;

import dev.sallyport.kernel.config.HealthConfig;
import dev.sallyport.kernel.config.UpstreamConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks targets how they are: each on a virtual thread of its own, however many routes lead to it, from the moment that it
 * serves to the moment that it does not. A change that leaves the checks of a target as they are does not touch them.
 * Thread-safe.
 */
final class HealthChecks implements AutoCloseable {

    private static final Logger LOG = System.getLogger("health");
    private static final double JITTER = 0.1;

    private final Probe probe;
    private final LongSupplier clock;
    private final Map<LiveTarget, Schedule> schedules = new HashMap<>();
    private Map<String, TargetGroup> served = Map.of();
    private Map<String, UpstreamConfig> written = Map.of();

    HealthChecks(Probe probe, LongSupplier clock) {
        this.probe = probe;
        this.clock = clock;
    }

    /** The checks of one target. */
    private record Schedule(HealthConfig config, Probe.Way way, Thread thread) {}

    /** From now on the targets of these are checked, and no others. */
    synchronized void serve(Map<String, TargetGroup> groups, Map<String, UpstreamConfig> upstreams) {
        served.values().forEach(group -> group.onUpdate(() -> {}));
        served = Map.copyOf(groups);
        written = Map.copyOf(upstreams);
        served.values().forEach(group -> group.onUpdate(this::follow));
        follow();
    }

    /** Begins and ends checks as lists of targets are now. */
    private synchronized void follow() {
        Map<LiveTarget, Schedule> before = new HashMap<>(schedules);
        schedules.clear();
        List<Thread> fresh = new ArrayList<>();
        served.forEach((name, group) -> {
            HealthConfig config = group.health();
            UpstreamConfig upstream = written.get(name);
            if (config == null || upstream == null) {
                return;
            }
            Probe.Way way = Probe.Way.of(upstream);
            for (LiveTarget target : group.targets()) {
                Schedule kept = before.get(target);
                if (kept != null && kept.config().equals(config) && kept.way().equals(way)) {
                    before.remove(target);
                    schedules.put(target, kept);
                } else {
                    Thread thread =
                            Thread.ofVirtual().name("health " + name).unstarted(() -> check(name, target, config, way));
                    schedules.put(target, new Schedule(config, way, thread));
                    fresh.add(thread);
                }
            }
        });
        before.forEach((target, gone) -> {
            gone.thread().interrupt();
            if (!schedules.containsKey(target)) {
                target.unchecked();
            }
        });
        fresh.forEach(Thread::start);
    }

    private void check(String upstream, LiveTarget target, HealthConfig config, Probe.Way way) {
        while (!Thread.currentThread().isInterrupted()) {
            String failure = probe.ask(target.url(), config, way);
            synchronized (this) {
                Schedule now = schedules.get(target);
                if (now == null || now.thread() != Thread.currentThread()) {
                    return; // what it has found is no longer asked for
                }
                note(upstream, target, config, failure);
            }
            try {
                Thread.sleep(jittered(config.interval()));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void note(String upstream, LiveTarget target, HealthConfig config, @Nullable String failure) {
        boolean before = target.isHealthy();
        target.checked(failure, config, clock.getAsLong());
        if (target.isHealthy() != before) {
            LOG.log(
                    before ? Level.WARNING : Level.INFO,
                    "upstream {0}: a target is {1}",
                    upstream,
                    before ? "not well" : "well again");
        }
    }

    private static Duration jittered(Duration interval) {
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }

    /** How many targets are checked. */
    synchronized int size() {
        return schedules.size();
    }

    @Override
    public void close() {
        serve(Map.of(), Map.of());
    }
}
