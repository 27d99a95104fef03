package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.api.Headers;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.routing.Explanation.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTableTest {

    private static final Headers NONE = Headers.empty();

    @Test
    void takesEverythingByEmptyListAndByEmptyMatch() {
        RouteTable<String> byList = RouteTable.of(List.of(new RouteTable.Entry<>("all", List.of())));
        RouteTable<String> byMatch = RouteTable.of(List.of(new RouteTable.Entry<>("all", List.of(Matches.paths()))));

        assertThat(find(byList, "GET", "", "/a")).isEqualTo(new RouteResult.Found<>("all", Map.of(), null));
        assertThat(find(byMatch, "OPTIONS", "x", "*")).isEqualTo(new RouteResult.Found<>("all", Map.of(), null));
    }

    @Test
    void findsNothingInEmptyTable() {
        assertThat(find(RouteTable.of(List.of()), "GET", "a", "/")).isEqualTo(new RouteResult.NotFound<>());
    }

    @Test
    void namesAllowedMethodsOfAllHostsThatFit() {
        RouteTable<String> table = RouteTable.of(List.of(
                new RouteTable.Entry<>(
                        "a",
                        List.of(Matches.of(List.of("a.example"), List.of("/x"), List.of("PUT"), Map.of(), Map.of()))),
                new RouteTable.Entry<>(
                        "b", List.of(Matches.of(List.of(), List.of("/**"), List.of("GET"), Map.of(), Map.of()))),
                new RouteTable.Entry<>(
                        "c",
                        List.of(Matches.of(List.of("c.example"), List.of(), List.of("PATCH"), Map.of(), Map.of())))));

        assertThat(find(table, "POST", "a.example", "/x"))
                .isEqualTo(new RouteResult.MethodNotAllowed<>(new TreeSet<>(List.of("GET", "HEAD", "PUT"))));
    }

    @Test
    void refusesMatchThatIsNotValid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteTable.of(List.of(new RouteTable.Entry<>("a", List.of(Matches.methods("get"))))))
                .withMessage("get (expected: a method in capitals); write GET");
    }

    @Test
    void explainsWhyEachRouteLost() {
        RouteTable<String> table = RouteTable.of(List.of(
                new RouteTable.Entry<>("prefix", List.of(Matches.paths("/orders/**"))),
                new RouteTable.Entry<>("winner", List.of(Matches.paths("/orders/{id}"))),
                new RouteTable.Entry<>("twin", List.of(Matches.paths("/orders/{id}"))),
                new RouteTable.Entry<>("post", List.of(Matches.methods("POST"))),
                new RouteTable.Entry<>(
                        "beta",
                        List.of(Matches.of(List.of(), List.of(), List.of(), Map.of("x-version", "2"), Map.of()))),
                new RouteTable.Entry<>(
                        "query", List.of(Matches.of(List.of(), List.of(), List.of(), Map.of(), Map.of("q", "1")))),
                new RouteTable.Entry<>("users", List.of(Matches.paths("/users/**"))),
                new RouteTable.Entry<>(
                        "shop",
                        List.of(Matches.of(List.of("*.shop.example"), List.of(), List.of(), Map.of(), Map.of())))));

        Candidates<String> explained = table.explain(
                "GET",
                "API.example:80",
                RequestTarget.parse("/orders/7"),
                Headers.of("X-Version", "1"),
                10,
                text -> text);

        assertThat(explained.closest())
                .containsExactly(
                        new Explanation<>(
                                "winner", Outcome.WINS, "any host, the path /orders/{id} (1 literal segment)"),
                        new Explanation<>(
                                "twin", Outcome.LESS_SPECIFIC, "as specific as the winner, but later in the file"),
                        new Explanation<>(
                                "prefix",
                                Outcome.LESS_SPECIFIC,
                                "less specific: it has the prefix /orders/** (1 segment), the winner the path"
                                        + " /orders/{id} (1 literal segment)"),
                        new Explanation<>("beta", Outcome.FIELDS, "header x-version is \"1\", not \"2\""),
                        new Explanation<>("query", Outcome.FIELDS, "query parameter q is absent, not \"1\""),
                        new Explanation<>("post", Outcome.METHOD, "method GET is not one of POST"),
                        new Explanation<>("users", Outcome.PATH, "path /orders/7 is not /users/**"),
                        new Explanation<>("shop", Outcome.HOST, "host api.example is not *.shop.example"));
    }

    @Test
    void explainsNoMoreRoutesThanAskedFor() {
        RouteTable<Integer> table = RouteTable.of(IntStream.range(0, 50)
                .mapToObj(i -> new RouteTable.Entry<>(i, List.of(Matches.paths("/" + i))))
                .toList());

        Candidates<Integer> explained = table.explain("GET", "", RequestTarget.parse("/49"), NONE, 5, text -> text);

        assertThat(explained.closest())
                .hasSize(5)
                .first()
                .extracting(Explanation::route)
                .isEqualTo(49);
        assertThat(explained.counts()).containsExactly(Map.entry(Outcome.WINS, 1), Map.entry(Outcome.PATH, 49));
    }

    @Test
    void explainsThoseThatCameClosestFirst() {
        RouteTable<String> table = RouteTable.of(List.of(
                new RouteTable.Entry<>("far", List.of(Matches.paths("/users"))),
                new RouteTable.Entry<>("near", List.of(Matches.paths("/shop/orders/mine"))),
                new RouteTable.Entry<>("half", List.of(Matches.paths("/shop/cart")))));

        assertThat(table.explain("GET", "", RequestTarget.parse("/shop/orders/7"), NONE, 2, text -> text)
                        .closest())
                .extracting(Explanation::route)
                .containsExactly("near", "half");
    }

    @Test
    void answersForHostWithVeryManyLabels() {
        RouteTable<String> table = RouteTable.of(List.of(new RouteTable.Entry<>(
                "w", List.of(Matches.of(List.of("*.example.com"), List.of(), List.of(), Map.of(), Map.of())))));

        assertThat(find(table, "GET", "a.".repeat(4_000) + "example.com", "/"))
                .isEqualTo(new RouteResult.Found<>("w", Map.of(), null));
        assertThat(find(table, "GET", "a.".repeat(4_000) + "example.org", "/")).isEqualTo(new RouteResult.NotFound<>());
        assertThat(find(table, "GET", ".example.com", "/")).isEqualTo(new RouteResult.NotFound<>());
    }

    /** The tree against the plain reading of the rules: ask every match, take the first by precedence. */
    @Test
    void findsWhatTheRulesSayInRandomTables() {
        Random random = new Random(7);
        int found = 0;
        for (int round = 0; round < 2_000; round++) {
            List<RouteTable.Entry<Integer>> entries = new ArrayList<>();
            for (int route = random.nextInt(12); route >= 0; route--) {
                List<Match> matches = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    matches.add(match(random));
                }
                entries.add(new RouteTable.Entry<>(entries.size(), matches));
            }
            RouteTable<Integer> table = RouteTable.of(entries);
            for (int i = 0; i < 40; i++) {
                String method = pick(random, "GET", "HEAD", "PUT", "POST");
                String host = pick(random, "a.b", "x.a.b", "y.x.a.b", "c", "A.B:80", "b");
                RequestTarget target = RequestTarget.parse(path(random) + pick(random, "", "?q=1", "?q=2&r=1"));
                Headers headers = pick(random, NONE, Headers.of("h", "1"), Headers.of("h", "1", "i", "1"));

                RouteResult<Integer> result = table.find(method, host, target, headers);
                List<Explanation<Integer>> explained = table.explain(method, host, target, headers, 100, text -> text)
                        .closest();

                boolean methodWouldHelp = List.of("GET", "PUT", "POST").stream()
                        .anyMatch(m -> table.find(m, host, target, headers) instanceof RouteResult.Found);
                switch (result) {
                    case RouteResult.Found<Integer> route -> {
                        found++;
                        assertThat(explained.getFirst().outcome()).isEqualTo(Outcome.WINS);
                        assertThat(explained.getFirst().route()).isEqualTo(route.route());
                    }
                    case RouteResult.MethodNotAllowed<Integer> refused -> {
                        assertThat(methodWouldHelp).isTrue();
                        assertThat(refused.allowed())
                                .doesNotContain(method)
                                .allSatisfy(allowed -> assertThat(table.find(allowed, host, target, headers))
                                        .isInstanceOf(RouteResult.Found.class));
                    }
                    case RouteResult.NotFound<Integer> none -> {
                        assertThat(explained).noneMatch(e -> e.outcome() == Outcome.WINS);
                        assertThat(methodWouldHelp).isFalse();
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(10_000);
    }

    @Test
    void isTheSameForManyRoutesAsForFew() {
        RouteTable<Integer> table = RouteTable.of(IntStream.range(0, 20_000)
                .mapToObj(i -> new RouteTable.Entry<>(i, List.of(Matches.paths("/r" + i + "/{id}", "/r" + i))))
                .toList());

        for (int i = 0; i < 20_000; i += 37) {
            assertThat(find(table, "GET", "", "/r" + i)).isEqualTo(new RouteResult.Found<>(i, Map.of(), "/r" + i));
            assertThat(find(table, "GET", "", "/r" + i + "/x"))
                    .isEqualTo(new RouteResult.Found<>(i, Map.of("id", "x"), "/r" + i + "/{id}"));
        }
    }

    /** Files of routes, of which some change from one table to the next. */
    @Test
    void findsTheSameWhereMuchOfItComesFromAnEarlierTable() {
        Random random = new Random(11);
        List<List<RouteTable.Entry<String>>> files = new ArrayList<>();
        for (int file = 0; file < 6; file++) {
            files.add(file(random, file));
        }
        RouteTable<String> earlier = null;
        for (int round = 0; round < 300; round++) {
            for (int changes = random.nextInt(3); changes > 0; changes--) {
                int file = random.nextInt(files.size());
                files.set(file, file(random, file));
            }
            if (random.nextInt(10) == 0) {
                Collections.rotate(files, 1);
            }
            List<RouteTable.Entry<String>> entries =
                    files.stream().flatMap(List::stream).toList();

            RouteTable<String> table = RouteTable.of(entries, earlier);

            RouteTable<String> alone = RouteTable.of(entries);
            for (int i = 0; i < 40; i++) {
                String method = pick(random, "GET", "PUT", "POST");
                String host = pick(random, "a.b", "x.a.b", "c", "b");
                RequestTarget target = RequestTarget.parse(path(random) + pick(random, "", "?q=1"));
                Headers headers = pick(random, NONE, Headers.of("h", "1"));
                assertThat(table.find(method, host, target, headers))
                        .isEqualTo(alone.find(method, host, target, headers));
            }
            earlier = table;
        }
    }

    private static List<RouteTable.Entry<String>> file(Random random, int file) {
        List<RouteTable.Entry<String>> entries = new ArrayList<>();
        for (int route = random.nextInt(8); route > 0; route--) {
            List<Match> matches = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                Match any = match(random);
                Place place = new Place("team" + file + ".yaml", route, i);
                matches.add(new Match(any.hosts(), any.paths(), any.methods(), any.headers(), any.query(), place));
            }
            entries.add(new RouteTable.Entry<>(file + "-" + route + "-" + random.nextInt(), matches));
        }
        return entries;
    }

    private static Match match(Random random) {
        Map<String, String> headers = new HashMap<>();
        Map<String, String> query = new HashMap<>();
        if (random.nextInt(4) == 0) {
            headers.put("h", "1");
        }
        if (random.nextInt(4) == 0) {
            headers.put("I", "1");
        }
        if (random.nextInt(4) == 0) {
            query.put("q", pick(random, "1", "2"));
        }
        return Matches.of(
                pick(random, List.<String>of(), List.of("a.b"), List.of("*.a.b", "c"), List.of("*.b")),
                pick(random, List.<String>of(), List.of(pattern(random)), List.of(pattern(random), pattern(random))),
                pick(random, List.<String>of(), List.of("GET"), List.of("PUT", "POST")),
                headers,
                query);
    }

    private static String pattern(Random random) {
        String regex = pick(random, "", "", "", "re:/a/.*", "re:/(a|b)/?", "re:/.*b", "re:/b|/a/b");
        if (!regex.isEmpty()) {
            return regex;
        }
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            pattern.append('/').append(pick(random, "a", "b", "{p" + i + "}", i == 1 ? "" : "a"));
        }
        return pattern + pick(random, "/**", pattern.isEmpty() ? "/" : "");
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append('/').append(pick(random, "a", "b", "c", i == 1 ? "" : "b"));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    @SafeVarargs
    private static <V> V pick(Random random, V... values) {
        return values[random.nextInt(values.length)];
    }

    private static <T> RouteResult<T> find(RouteTable<T> table, String method, String host, String path) {
        return table.find(method, host, RequestTarget.parse(path), NONE);
    }
}
