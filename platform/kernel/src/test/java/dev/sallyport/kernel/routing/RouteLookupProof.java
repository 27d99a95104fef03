package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.http.ParsedTarget;
import dev.sallyport.kernel.http.RequestPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints how long a lookup takes; what it asserts is only that each lookup finds its route. */
@Tag("proof")
class RouteLookupProof {

    private static final int REQUESTS = 4_096;
    private static final int ROUNDS = 12;
    private static final int LOOKUPS = 1_000_000;

    private record Asked(String method, String host, RequestTarget target, String raw, int route) {}

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000, 100_000})
    void findsEachRoute(int routes) {
        measure("one host", routes, table(routes, 1), requests(routes, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 10_000, 100_000})
    void findsEachRouteOfManyHosts(int routes) {
        int hosts = Math.max(1, routes / 10);
        measure(hosts + " hosts", routes, table(routes, hosts), requests(routes, hosts));
    }

    private static void measure(String what, int routes, RouteTable<Integer> table, List<Asked> requests) {
        Headers headers = Headers.of("host", "x", "accept", "*/*", "x-version", "2", "user-agent", "proof");
        double best = Double.MAX_VALUE;
        double bestWithParsing = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < LOOKUPS; i++) {
                Asked asked = requests.get(i & REQUESTS - 1);
                assertFound(table.find(asked.method(), asked.host(), asked.target(), headers), asked);
            }
            best = Math.min(best, (System.nanoTime() - start) / (double) LOOKUPS);
            start = System.nanoTime();
            for (int i = 0; i < LOOKUPS; i++) {
                Asked asked = requests.get(i & REQUESTS - 1);
                // a text of its own, as each request brings one, whose hash nobody knows yet
                String raw = new String(asked.raw().toCharArray());
                if (RequestPath.parse(asked.method(), raw, PathPolicy.DEFAULT)
                        instanceof ParsedTarget.Accepted accepted) {
                    assertFound(table.find(asked.method(), asked.host(), accepted.target(), headers), asked);
                }
            }
            bestWithParsing = Math.min(bestWithParsing, (System.nanoTime() - start) / (double) LOOKUPS);
        }
        System.out.printf(
                "routes %,7d, %-12s: lookup %4.0f ns, reading the target and lookup %4.0f ns%n",
                routes, what, best, bestWithParsing);
    }

    private static void assertFound(RouteResult<Integer> result, Asked asked) {
        if (!(result instanceof RouteResult.Found<Integer> found) || found.route() != asked.route()) {
            assertThat(result).isEqualTo(asked);
        }
    }

    /** A quarter each: exact, parameter, prefix, and exact with a header. */
    private static RouteTable<Integer> table(int routes, int hosts) {
        List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
        for (int i = 0; i < routes; i++) {
            String path = switch (i % 4) {
                case 0 -> "/api/v1/service-" + i + "/status";
                case 1 -> "/api/v1/service-" + i + "/orders/{id}";
                case 2 -> "/api/v1/service-" + i + "/**";
                default -> "/api/v1/service-" + i + "/versioned";
            };
            List<String> host = hosts == 1 ? List.of() : List.of(host(i, hosts));
            Map<String, String> headers = i % 4 == 3 ? Map.of("x-version", "2") : Map.of();
            Match match = Matches.of(host, List.of(path), List.of("GET", "POST"), headers, Map.of());
            entries.add(new RouteTable.Entry<>(i, List.of(match)));
        }
        return RouteTable.of(entries);
    }

    private static List<Asked> requests(int routes, int hosts) {
        Random random = new Random(1);
        List<Asked> requests = new ArrayList<>();
        for (int n = 0; n < REQUESTS; n++) {
            int i = random.nextInt(routes);
            String path = "/api/v1/service-" + i
                    + switch (i % 4) {
                        case 0 -> "/status";
                        case 1 -> "/orders/" + random.nextInt(100_000);
                        case 2 -> "/some/thing/below";
                        default -> "/versioned";
                    };
            String host = host(i, hosts).replace("*", "www");
            requests.add(new Asked("GET", host, RequestTarget.parse(path + "?page=2"), path + "?page=2", i));
        }
        return requests;
    }

    private static String host(int route, int hosts) {
        int host = route % hosts;
        return (host % 5 == 4 ? "*." : "") + "tenant-" + host + ".example.com";
    }
}
