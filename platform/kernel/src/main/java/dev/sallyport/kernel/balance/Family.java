package dev.sallyport.kernel.balance;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is known of the targets of one upstream, whatever its settings and its list of targets become: a target that stays
 * keeps its counts and its health. Thread-safe.
 */
final class Family {

    private final Map<URI, LiveTarget> targets = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();

    /** The target with that URL; one that was not there before comes in from now on. */
    LiveTarget target(URI url, long now, boolean first) {
        return targets.computeIfAbsent(url, fresh -> new LiveTarget(fresh, this, first ? LiveTarget.LONG_AGO : now));
    }

    /** Forgets all others. */
    void retain(Set<LiveTarget> those) {
        targets.values().retainAll(those);
    }

    /** Requests under way to all of its targets. */
    AtomicInteger inFlight() {
        return inFlight;
    }

    /** How often something changed by which targets are chosen. */
    int changes() {
        return changes.get();
    }

    void changed() {
        changes.incrementAndGet();
    }
}
