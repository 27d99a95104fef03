import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What finding a route costs in tables of different sizes, beside one question to a hash map of the same paths. */
class Lookup {

    private static final int ROUNDS = 7;
    private static final int LOOKUPS = 409_600;
    private static final int BATCH = 64;

    void main() {
        for (int routes : new int[] {100, 10_000, 100_000}) {
            measure(routes, 1);
            measure(routes, 1_000);
        }
    }

    private static void measure(int routes, int hosts) {
        List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
        Map<String, Integer> map = new HashMap<>();
        String[] names = new String[LOOKUPS];
        String[] paths = new String[LOOKUPS];
        RequestTarget[] targets = new RequestTarget[LOOKUPS];
        for (int i = 0; i < routes; i++) {
            entries.add(new RouteTable.Entry<>(
                    i,
                    List.of(new Match(
                            List.of("api" + i % hosts + ".example.com"),
                            List.of("/v1/r" + i + "/items/{id}", "/v1/r" + i + "/more/**"),
                            List.of(),
                            Map.of(),
                            Map.of(),
                            new Place("", 1, 1)))));
        }
        Random random = new Random(1);
        for (int i = 0; i < LOOKUPS; i++) {
            int route = random.nextInt(routes);
            names[i] = "api" + route % hosts + ".example.com";
            paths[i] = "/v1/r" + route + (i % 2 == 0 ? "/items/7" : "/more/a/b");
            targets[i] = RequestTarget.parse(paths[i]);
            map.put(new String(paths[i]), route);
        }
        RouteTable<Integer> table = RouteTable.of(entries);
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
                long start = System.nanoTime();
                for (int i = from; i < from + BATCH; i++) {
                    sum += table.find("GET", names[i], targets[i], none) instanceof RouteResult.Found<Integer> found
                            ? found.route()
                            : -1_000_000;
                }
                long middle = System.nanoTime();
                for (int i = from; i < from + BATCH; i++) {
                    sum += map.get(paths[i]);
                }
                inTable += middle - start;
                inMap += System.nanoTime() - middle;
            }
            best = Math.min(best, inTable);
            bestOfMap = Math.min(bestOfMap, inMap);
        }
        System.out.printf(
                "lookup routes=%d hosts=%d ns=%d hash-map-ns=%d ratio=%.1f (sum %d)%n",
                routes, hosts, best / LOOKUPS, bestOfMap / LOOKUPS, (double) best / bestOfMap, sum);
    }
}
