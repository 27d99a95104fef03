package dev.sallyport.kernel.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** The last traces: so many of each route, and so many of all together; the oldest make room. Thread-safe. */
final class TraceRing {

    /** Under which those are kept that met no route; no route has that name. */
    static final String NO_ROUTE = "-";

    private final int most;
    private final SequencedSet<Kept> all = new LinkedHashSet<>();
    private final Map<String, Deque<Kept>> byRoute = new HashMap<>();

    /** One of its own for each trace: two are never the same. */
    private static final class Kept {
        private final Trace trace;

        Kept(Trace trace) {
            this.trace = trace;
        }
    }

    /** @param most how many of all routes */
    TraceRing(int most) {
        this.most = most;
    }

    private static String route(Trace trace) {
        return trace.route() == null ? NO_ROUTE : trace.route();
    }

    /** @param ofRoute how many of one route */
    synchronized void add(Trace trace, int ofRoute) {
        Kept kept = new Kept(trace);
        Deque<Kept> ring = byRoute.computeIfAbsent(route(trace), first -> new ArrayDeque<>());
        ring.addLast(kept);
        all.addLast(kept);
        while (ring.size() > ofRoute) {
            all.remove(ring.removeFirst());
        }
        while (all.size() > most) {
            String route = route(all.removeFirst().trace);
            Deque<Kept> oldest = byRoute.get(route);
            if (oldest != null) {
                oldest.removeFirst();
                if (oldest.isEmpty()) {
                    byRoute.remove(route);
                }
            }
        }
    }

    /** Those that a filter takes, newest first. */
    synchronized List<Trace> newestFirst(TraceFilter filter) {
        List<Trace> found = new ArrayList<>();
        for (Kept kept : all.reversed()) {
            if (filter.takes(kept.trace)) {
                found.add(kept.trace);
            }
        }
        return found;
    }

    /** The newest of that request id. */
    synchronized @Nullable Trace find(String id) {
        for (Kept kept : all.reversed()) {
            if (kept.trace.id().equals(id)) {
                return kept.trace;
            }
        }
        return null;
    }
}
