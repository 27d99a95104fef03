package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.Overlaps.Tie;
import dev.sallyport.kernel.routing.Overlaps.Way;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said of matches that take the same requests, held against what the table does with all requests there are. */
final class OverlapsTest {

    private static final int TABLES = Boolean.getBoolean("sallyport.proof") ? 20_000 : 400;

    private static final List<String> HOSTS = List.of("a.com", "b.a.com", "*.a.com", "*.b.a.com");
    private static final List<String> PATHS = List.of(
            "/",
            "/x",
            "/x/",
            "/x/y",
            "/{p}",
            "/{p}/y",
            "/x/{q}",
            "/{p}/{q}",
            "/{p}/",
            "/**",
            "/x/**",
            "/{p}/**",
            "/x/{q}/**",
            "/{p}/y/**",
            "/x/y/**",
            "re:/x/.*",
            "re:/.*",
            "re:/x/y/[a-z]+");

    private record Asked(String method, String host, String path, String query, Headers headers) {}

    /** Each host, path, method, header and query that some match asks for, and one that none does. */
    private static final List<Asked> ALL = all();

    private static List<Asked> all() {
        List<Asked> all = new ArrayList<>();
        for (String host : List.of("a.com", "b.a.com", "c.a.com", "d.b.a.com", "z.org")) {
            for (String path : List.of(
                    "/", "/x", "/x/", "/x/y", "/z", "/z/", "/z/y", "/x/z", "/z/z", "/x/y/z", "/z/y/z", "/x/z/z",
                    "/z/z/z", "/x/y/")) {
                for (String method : List.of("GET", "HEAD", "POST", "PUT")) {
                    for (String query : List.of("", "v=1", "v=2")) {
                        for (String header : List.of("", "1", "2")) {
                            all.add(new Asked(
                                    method,
                                    host,
                                    path,
                                    query,
                                    header.isEmpty() ? Headers.empty() : Headers.of("x-h", header)));
                        }
                    }
                }
            }
        }
        return all;
    }

    @Test
    void saysOfEachWayWhetherAnyRequestTakesIt() {
        Random random = new Random(7);
        for (int table = 0; table < TABLES; table++) {
            List<RouteTable.Entry<Integer>> entries = entries(random);
            Set<Integer> taken = new HashSet<>();
            RouteTable<Integer> routes = RouteTable.of(entries);
            ALL.forEach(asked -> taken.add(winner(routes, asked)));

            Set<Integer> hidden = Overlaps.of(entries).hidden().stream()
                    .map(one -> one.way().route())
                    .collect(Collectors.toSet());

            assertThat(hidden).as(() -> entries.toString()).doesNotContainAnyElementsOf(taken);
            // Regular expressions, prefixes and matches without paths may be hidden by several others in ways not
            // looked at.
            entries.stream()
                    .filter(entry -> !taken.contains(entry.route()) && isClosed(entry))
                    .forEach(entry ->
                            assertThat(hidden).as(() -> entries.toString()).contains(entry.route()));
        }
    }

    @Test
    void findsEachPairBetweenWhichOnlyTheOrderDecides() {
        Random random = new Random(8);
        for (int table = 0; table < TABLES; table++) {
            List<RouteTable.Entry<Integer>> two = entries(random).subList(0, 2);
            List<RouteTable.Entry<Integer>> turned = new ArrayList<>(two);
            Collections.reverse(turned);
            RouteTable<Integer> one = RouteTable.of(two);
            RouteTable<Integer> other = RouteTable.of(turned);
            boolean ordered = ALL.stream().anyMatch(asked -> winner(one, asked) != winner(other, asked));

            List<Tie<Integer>> ties = Overlaps.of(two).ties((first, second) -> true);

            boolean unlike = two.stream().allMatch(OverlapsTest::isRegex)
                    && !two.get(0)
                            .matches()
                            .getFirst()
                            .paths()
                            .equals(two.get(1).matches().getFirst().paths());
            if (!unlike) {
                assertThat(ties).as(() -> two.toString()).hasSize(ordered ? 1 : 0);
            }
        }
    }

    private static int winner(RouteTable<Integer> routes, Asked asked) {
        RequestTarget target = RequestTarget.parse(asked.path() + (asked.query().isEmpty() ? "" : "?" + asked.query()));
        return routes.find(asked.method(), asked.host(), target, asked.headers())
                        instanceof RouteResult.Found<Integer> found
                ? found.route()
                : -1;
    }

    private static boolean isClosed(RouteTable.Entry<Integer> entry) {
        List<String> paths = entry.matches().getFirst().paths();
        return !paths.isEmpty() && !paths.getFirst().endsWith("**") && !isRegex(entry);
    }

    private static boolean isRegex(RouteTable.Entry<Integer> entry) {
        List<String> paths = entry.matches().getFirst().paths();
        return !paths.isEmpty() && paths.getFirst().startsWith("re:");
    }

    private static List<RouteTable.Entry<Integer>> entries(Random random) {
        return IntStream.range(0, 2 + random.nextInt(8))
                .mapToObj(i -> new RouteTable.Entry<>(i, List.of(match(random))))
                .toList();
    }

    private static Match match(Random random) {
        List<String> methods =
                random.nextInt(3) > 0 ? List.of() : random.nextInt(3) > 0 ? List.of("GET") : List.of("POST", "GET");
        return new Match(
                random.nextBoolean() ? List.of() : List.of(HOSTS.get(random.nextInt(HOSTS.size()))),
                random.nextInt(8) == 0 ? List.of() : List.of(PATHS.get(random.nextInt(PATHS.size()))),
                methods,
                random.nextInt(4) > 0 ? Map.of() : Map.of("x-h", "" + (1 + random.nextInt(2))),
                random.nextInt(4) > 0 ? Map.of() : Map.of("v", "" + (1 + random.nextInt(2))),
                new Place("gateway.yaml", random.nextInt(1 << 30), 1));
    }

    @Test
    void namesThoseThatGoFirst() {
        Overlaps<String> overlaps = Overlaps.of(List.of(
                new RouteTable.Entry<>("get", List.of(of(List.of("/a"), List.of("GET")))),
                new RouteTable.Entry<>("post", List.of(of(List.of("/a"), List.of("POST")))),
                new RouteTable.Entry<>("both", List.of(of(List.of("/a", "/b"), List.of("GET", "POST"))))));

        assertThat(overlaps.hidden()).singleElement().satisfies(hidden -> {
            assertThat(hidden.way().route()).isEqualTo("both");
            assertThat(hidden.way().path()).isEqualTo("/a");
            assertThat(hidden.by()).extracting(Way::route).containsExactly("get", "post");
        });
    }

    @Test
    void showsARequestThatBothTake() {
        Overlaps<String> overlaps = Overlaps.of(List.of(
                new RouteTable.Entry<>("one", List.of(of(List.of("/{tenant}/orders"), List.of()))),
                new RouteTable.Entry<>("two", List.of(of(List.of("/shop/{list}"), List.of("PUT")))),
                new RouteTable.Entry<>("three", List.of(of(List.of("/shop/{list}"), List.of())))));

        assertThat(overlaps.ties((first, second) -> true))
                .extracting(tie -> tie.first().route(), tie -> tie.second().route(), Tie::example)
                .containsExactly(tuple("one", "three", "GET /shop/orders"));
    }

    @Test
    void comparesManyRoutesInLittleWork() {
        List<RouteTable.Entry<Integer>> entries = IntStream.range(0, 20_000)
                .mapToObj(i ->
                        new RouteTable.Entry<>(i, List.of(of(List.of("/s" + i + "/{id}", "/t/" + i), List.of()))))
                .toList();

        Overlaps<Integer> overlaps = Overlaps.of(entries);

        assertThat(overlaps.hidden()).isEmpty();
        assertThat(overlaps.ties((first, second) -> true)).isEmpty();
    }

    private static Match of(List<String> paths, List<String> methods) {
        return new Match(List.of(), paths, methods, Map.of(), Map.of(), new Place("gateway.yaml", 1, 1));
    }
}
