import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What finding a route costs in tables of different sizes, beside one question to a hash map of the same paths. Each
 * request is for a route drawn from all of them, and can begin only when the one before has its answer.
 */
class Lookup {

    private static final int ROUNDS = 5;
    private static final int LOOKUPS = 409_600;
    private static final int BATCH = 64;

    /** A form of paths: what a route of a number says, and a request that it takes. */
    private enum Form {
        EXACT("/items", "/items"),
        PARAMETER("/items/{id}", "/items/7"),
        PREFIX("/**", "/more/a/b"),
        MIXED("", "") {
            @Override
            Form of(int route) {
                return values()[route % 3];
            }
        };

        private final String pattern;
        private final String request;

        Form(String pattern, String request) {
            this.pattern = pattern;
            this.request = request;
        }

        Form of(int route) {
            return this;
        }
    }

    void main() {
        for (int routes : new int[] {100, 10_000, 100_000}) {
            measure(routes, 1, Form.MIXED);
            measure(routes, 1_000, Form.MIXED);
        }
        for (Form form : Form.values()) {
            if (form != Form.MIXED) {
                measure(100_000, 1, form);
                measure(100_000, 1_000, form);
            }
        }
        measure(100_000, 100_000, Form.MIXED);
    }

    private static void measure(int routes, int hosts, Form form) {
        long before = used();
        RouteTable<Integer> table = table(routes, hosts, form);
        long memory = used() - before;
        Map<String, Integer> map = new HashMap<>();
        String[] names = new String[LOOKUPS];
        String[] paths = new String[LOOKUPS];
        RequestTarget[] targets = new RequestTarget[LOOKUPS];
        Random random = new Random(1);
        for (int i = 0; i < LOOKUPS; i++) {
            int route = random.nextInt(routes);
            names[i] = "api" + route % hosts + ".example.com";
            paths[i] = "/v1/r" + route + form.of(route).request;
            targets[i] = RequestTarget.parse(paths[i]);
            map.put(new String(paths[i]), route);
        }
        Headers none = Headers.builder(0).build();
        long best = Long.MAX_VALUE;
        long bestOfMap = Long.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long inTable = 0;
            long inMap = 0;
            for (int from = 0; from < LOOKUPS; from += BATCH) {
                // A request that has just been parsed is near at hand; the tables are not.
                for (int i = from; i < from + BATCH; i++) {
                    sum += names[i].indexOf('!') + targets[i].path().indexOf('!') + paths[i].indexOf('!');
                }
                int route = 0;
                long start = System.nanoTime();
                for (int i = from; i < from + BATCH; i++) {
                    int next = i + (route >> 31); // no route is negative, but the processor must wait to know
                    route = table.find("GET", names[next], targets[next], none) instanceof RouteResult.Found<Integer> it
                            ? it.route()
                            : -1_000_000;
                    sum += route;
                }
                long middle = System.nanoTime();
                for (int i = from; i < from + BATCH; i++) {
                    route = map.get(paths[i + (route >> 31)]);
                    sum += route;
                }
                inTable += middle - start;
                inMap += System.nanoTime() - middle;
            }
            best = Math.min(best, inTable);
            bestOfMap = Math.min(bestOfMap, inMap);
        }
        System.out.printf(
                "lookup routes=%d hosts=%d paths=%s ns=%d hash-map-ns=%d ratio=%.1f table-bytes-a-route=%d (sum %d)%n",
                routes,
                hosts,
                form.name().toLowerCase(),
                best / LOOKUPS,
                bestOfMap / LOOKUPS,
                (double) best / bestOfMap,
                memory / routes,
                sum);
    }

    private static RouteTable<Integer> table(int routes, int hosts, Form form) {
        List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            entries.add(new RouteTable.Entry<>(
                    i,
                    List.of(new Match(
                            List.of("api" + i % hosts + ".example.com"),
                            List.of("/v1/r" + i + form.of(i).pattern),
                            List.of(),
                            Map.of(),
                            Map.of(),
                            new Place("", 1, 1)))));
        }
        return RouteTable.of(entries);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
