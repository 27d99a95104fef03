package loops;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.RouteResult;
import dev.sallyport.kernel.routing.RouteTable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding the route of a request: of routes that are exact, have a parameter or are prefixes in turn, on 100 hosts. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Routes {

    private static final int REQUESTS = 4096;
    private static final String[] PATTERNS = {"/items", "/items/{id}", "/**"};
    private static final String[] ASKED = {"/items", "/items/7", "/more/a/b"};

    @Param({"100", "10000", "100000"})
    public int routes;

    private final String[] hosts = new String[REQUESTS];
    private final RequestTarget[] targets = new RequestTarget[REQUESTS];
    private RouteTable<Integer> table;
    private int next;

    @Setup
    public void fill() {
        table = RouteTable.of(IntStream.range(0, routes)
                .mapToObj(route -> new RouteTable.Entry<>(route, List.of(match(route))))
                .toList());
        Random random = new Random(1);
        for (int i = 0; i < REQUESTS; i++) {
            int route = random.nextInt(routes);
            hosts[i] = host(route);
            targets[i] = RequestTarget.parse("/v1/r" + route + ASKED[route % ASKED.length]);
        }
    }

    private static Match match(int route) {
        return new Match(
                List.of(host(route)),
                List.of("/v1/r" + route + PATTERNS[route % PATTERNS.length]),
                List.of(),
                Map.of(),
                Map.of(),
                new Place("", 1, 1));
    }

    private static String host(int route) {
        return "api" + route % 100 + ".example.com";
    }

    @Benchmark
    public RouteResult<Integer> find() {
        int i = next++ & REQUESTS - 1;
        return table.find("GET", hosts[i], targets[i], Headers.empty());
    }
}
