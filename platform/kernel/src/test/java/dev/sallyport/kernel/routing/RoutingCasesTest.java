package dev.sallyport.kernel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.PathPolicy;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.http.ParsedTarget;
import dev.sallyport.kernel.http.RequestPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Runs the published table, {@code docs/reference/routing-cases.md}. */
class RoutingCasesTest {

    private static final String PAGE = "docs/reference/routing-cases.md";

    private record Case(String section, RouteTable<String> table, String request, String also, String answer) {}

    @TestFactory
    Stream<DynamicTest> answersAsPublished() throws IOException {
        return cases().stream()
                .map(c -> DynamicTest.dynamicTest(c.section() + ": " + c.request() + " " + c.also(), () -> run(c)));
    }

    @Test
    void publishesAtLeastFortyCases() throws IOException {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(40);
    }

    private static void run(Case c) {
        int space = c.request().indexOf(' ');
        String method = c.request().substring(0, space);
        String host = "localhost";
        List<String> fields = new ArrayList<>();
        for (String field : c.also().isEmpty() ? new String[0] : c.also().split("; ")) {
            String[] parts = field.split(": ", 2);
            if (parts[0].equals("Host")) {
                host = parts[1];
            } else {
                fields.addAll(List.of(parts));
            }
        }
        Headers headers = Headers.of(fields.toArray(String[]::new));

        ParsedTarget parsed = RequestPath.parse(method, c.request().substring(space + 1), PathPolicy.DEFAULT);

        String actual = switch (parsed) {
            case ParsedTarget.Refused refused -> Integer.toString(refused.status());
            case ParsedTarget.Accepted accepted -> {
                String named = accepted.authority() == null
                        ? host
                        : accepted.authority().toString();
                List<Explanation<String>> explained = c.table()
                        .explain(method, named, accepted.target(), headers, 100, text -> text)
                        .closest();
                RouteResult<String> result = c.table().find(method, named, accepted.target(), headers);
                if (result instanceof RouteResult.Found<String> found) {
                    assertThat(explained.getFirst().route()).isEqualTo(found.route());
                    assertThat(explained.getFirst().outcome()).isEqualTo(Explanation.Outcome.WINS);
                } else {
                    assertThat(explained).noneMatch(e -> e.outcome() == Explanation.Outcome.WINS);
                }
                yield text(result);
            }
        };
        assertThat(actual).isEqualTo(c.answer());
    }

    private static String text(RouteResult<String> result) {
        return switch (result) {
            case RouteResult.Found<String>(String route, Map<String, String> parameters, var _) ->
                parameters.isEmpty()
                        ? route
                        : route + " " + parameters.toString().replace('{', '(').replace('}', ')');
            case RouteResult.MethodNotAllowed<String> refused -> "405 " + String.join(", ", refused.allowed());
            case RouteResult.NotFound<String> none -> "404";
        };
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        String section = "";
        StringBuilder yaml = null;
        RouteTable<String> table = RouteTable.of(List.of());
        for (String line : Files.readAllLines(page())) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
            } else if (line.equals("```yaml")) {
                yaml = new StringBuilder();
            } else if (line.equals("```") && yaml != null) {
                table = table(yaml.toString());
                yaml = null;
            } else if (yaml != null) {
                yaml.append(line).append('\n');
            } else if (line.startsWith("| `")) {
                String[] cells = line.replace("\\|", "\0").split("\\|", -1);
                cases.add(new Case(section, table, cell(cells[1]), cell(cells[2]), cell(cells[3])));
            }
        }
        return cases;
    }

    private static String cell(String text) {
        return text.strip().replace("`", "").replace('\0', '|');
    }

    private static Path page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(PAGE))) {
            folder = folder.getParent();
        }
        return folder.resolve(PAGE);
    }

    private static RouteTable<String> table(String yaml) {
        Map<?, ?> config = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
        List<RouteTable.Entry<String>> entries = new ArrayList<>();
        for (Object item : (List<?>) config.get("routes")) {
            Map<?, ?> route = (Map<?, ?>) item;
            List<Match> matches = new ArrayList<>();
            switch (route.get("match")) {
                case null -> {}
                case List<?> list -> list.forEach(match -> matches.add(match((Map<?, ?>) match)));
                case Object match -> matches.add(match((Map<?, ?>) match));
            }
            entries.add(new RouteTable.Entry<>((String) route.get("name"), matches));
        }
        return RouteTable.of(entries);
    }

    private static Match match(Map<?, ?> match) {
        return new Match(
                texts(match.get("hosts")),
                texts(match.get("paths")),
                texts(match.get("methods")),
                map(match.get("headers")),
                map(match.get("query")),
                new Place("gateway.yaml", 1, 1));
    }

    private static List<String> texts(Object list) {
        return list == null
                ? List.of()
                : ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static Map<String, String> map(Object map) {
        Map<String, String> result = new TreeMap<>();
        if (map != null) {
            ((Map<?, ?>) map).forEach((key, value) -> result.put((String) key, (String) value));
        }
        return result;
    }
}
