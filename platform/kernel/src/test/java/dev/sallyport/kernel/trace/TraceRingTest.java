package dev.sallyport.kernel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How many traces are kept. */
final class TraceRingTest {

    private static final int MOST = 50;
    private static final int OF_ROUTE = 7;

    @Test
    void keepsTheNewestOfEachRouteAndOfAllTogether() {
        Random random = new Random(6);
        TraceRing ring = new TraceRing(MOST);
        List<String> expected = new ArrayList<>();
        Map<String, String> routes = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            // Now many routes with few traces, now few with many.
            int route = random.nextInt(i % 1000 < 500 ? 40 : 3);
            String id = "r" + i;
            ring.add(trace(id, "route" + route), OF_ROUTE);

            routes.put(id, "route" + route);
            expected.addFirst(id);
            List<String> ofRoute = new ArrayList<>(expected.stream()
                    .filter(one -> ("route" + route).equals(routes.get(one)))
                    .toList());
            if (ofRoute.size() > OF_ROUTE) {
                expected.remove(ofRoute.getLast());
            }
            if (expected.size() > MOST) {
                expected.removeLast();
            }
            assertThat(ring.newestFirst(TraceFilter.ALL)).extracting(Trace::id).isEqualTo(expected);
        }
    }

    @Test
    void findsByRouteStatusAndId() {
        TraceRing ring = new TraceRing(MOST);
        ring.add(trace("one", "a"), OF_ROUTE);
        ring.add(new Trace("two", Instant.EPOCH, null, null, null, 404, "{}"), OF_ROUTE);
        ring.add(new Trace("three", Instant.EPOCH, "once", "a", "mobile", 503, "{}"), OF_ROUTE);

        assertThat(found(ring, Map.of("route", "a"))).containsExactly("three", "one");
        assertThat(found(ring, Map.of("route", "-"))).containsExactly("two");
        assertThat(found(ring, Map.of("status", "5xx"))).containsExactly("three");
        assertThat(found(ring, Map.of("consumer", "mobile"))).containsExactly("three");
        assertThat(found(ring, Map.of("once", "once"))).containsExactly("three");
        assertThat(ring.find("two")).isNotNull();
        assertThat(ring.find("four")).isNull();
    }

    private static List<String> found(TraceRing ring, Map<String, String> filter) {
        return ring.newestFirst(TraceFilter.of(filter)).stream().map(Trace::id).toList();
    }

    private static Trace trace(String id, String route) {
        return new Trace(id, Instant.EPOCH, null, route, null, 200, "{}");
    }
}
