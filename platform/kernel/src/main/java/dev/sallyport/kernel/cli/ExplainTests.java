package dev.sallyport.kernel.cli;

import dev.sallyport.api.Body;
import dev.sallyport.kernel.explain.Question;
import dev.sallyport.kernel.explain.QuestionJson;
import dev.sallyport.kernel.http.Asked;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;

/**
 * A table of requests and what is to become of them:
 *
 * <pre>{@code
 * - request: GET http://api.example.com/orders/7
 *   headers: {x-version: "2"}
 *   from: 203.0.113.9
 *   listener: web
 *   route: orders                        # or 404, 405, 400
 *   steps: [access-log, auth, cache]     # ids of those that run, in order
 *   answer: 401                          # where a step or the gateway answers; none where it is sent on
 *   target: http://127.0.0.1:9001        # or a list: all of which one may be chosen
 * }</pre>
 */
final class ExplainTests {

    private static final Set<String> KEYS =
            Set.of("request", "headers", "from", "listener", "route", "steps", "answer", "target");

    private ExplainTests() {}

    /** Runs a table; whether all is as expected. */
    static boolean run(Path file, Explaining explaining, Consumer<String> out)
            throws CommandException, UnreachableException {
        int passed = 0;
        int failed = 0;
        for (Map<?, ?> row : rows(file)) {
            List<String> differences = differences(row, explaining, file);
            out.accept((differences.isEmpty() ? "ok   " : "FAIL ") + row.get("request"));
            differences.forEach(line -> out.accept("     " + line));
            if (differences.isEmpty()) {
                passed++;
            } else {
                failed++;
            }
        }
        out.accept(passed + " passed, " + failed + " failed");
        return failed == 0;
    }

    private static List<Map<?, ?>> rows(Path file) throws CommandException {
        Object table;
        try {
            table = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage());
        } catch (YamlEngineException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        List<Map<?, ?>> rows = new ArrayList<>();
        if (table instanceof List<?> list) {
            for (Object one : list) {
                if (!(one instanceof Map<?, ?> row) || !(row.get("request") instanceof String)) {
                    throw new CommandException(file + ": " + one + " (expected: a map with request)");
                }
                for (Object key : row.keySet()) {
                    if (!KEYS.contains(String.valueOf(key))) {
                        throw new CommandException(file + ": " + key + " (expected: one of "
                                + String.join(", ", KEYS.stream().sorted().toList()) + ")");
                    }
                }
                rows.add(row);
            }
        }
        if (rows.isEmpty()) {
            throw new CommandException(file + ": nothing to test (expected: a list of requests)");
        }
        return rows;
    }

    private static List<String> differences(Map<?, ?> row, Explaining explaining, Path file)
            throws CommandException, UnreachableException {
        JsonNode told = explaining.explain(question(row, file));
        List<String> differences = new ArrayList<>();
        JsonNode route = told.path("route");
        compare("route", row, route.isNull() ? told.path("status").asString("") : route.asString(""), differences);
        List<String> running = new ArrayList<>();
        for (JsonNode step : told.path("steps")) {
            if (step.path("runs").asBoolean(false)) {
                running.add(step.path("id").asString(""));
            }
        }
        compare("steps", row, running, differences);
        compare("answer", row, told.path("answer").path("status").asString("none"), differences);
        compareTargets(row.get("target"), told, differences);
        return differences;
    }

    private static Question question(Map<?, ?> row, Path file) throws CommandException {
        String[] request = String.valueOf(row.get("request")).split(" ", 2);
        if (request.length != 2) {
            throw new CommandException(file + ": " + row.get("request") + " (expected: a method and a URL)");
        }
        List<Asked.Field> fields = new ArrayList<>();
        if (row.get("headers") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> fields.add(new Asked.Field(String.valueOf(name), String.valueOf(value))));
        }
        Object from = row.get("from");
        Object listener = row.get("listener");
        try {
            return new Question(
                    request[0],
                    request[1],
                    fields,
                    Body.empty(),
                    listener == null ? null : String.valueOf(listener),
                    from == null ? InetAddress.getLoopbackAddress() : QuestionJson.address(String.valueOf(from)));
        } catch (IllegalArgumentException e) {
            throw new CommandException(file + ": " + e.getMessage());
        }
    }

    private static void compare(String what, Map<?, ?> row, Object actual, List<String> differences) {
        Object expected = row.get(what);
        if (expected != null && !texts(expected).equals(texts(actual))) {
            differences.add(what + ": " + actual + " (expected: " + expected + ")");
        }
    }

    /** The one that is chosen, where that is known, or all of which one is. */
    private static void compareTargets(@Nullable Object expected, JsonNode told, List<String> differences) {
        Set<String> all = new TreeSet<>();
        Set<String> chosen = new TreeSet<>();
        add(told.path("upstream"), all, chosen);
        for (JsonNode part : told.path("split")) {
            if (part.path("weight").asInt(0) > 0) {
                add(part, all, chosen);
            }
        }
        if (expected != null) {
            Set<String> wanted = new TreeSet<>(texts(expected));
            if (!wanted.equals(all) && !wanted.equals(chosen)) {
                differences.add("target: " + (chosen.isEmpty() ? all : chosen) + " (expected: " + wanted + ")");
            }
        }
    }

    private static void add(JsonNode upstream, Set<String> all, Set<String> chosen) {
        List<String> own = new ArrayList<>();
        upstream.path("targets").forEach(target -> own.add(target.path("url").asString("")));
        all.addAll(own);
        JsonNode target = upstream.path("target");
        chosen.addAll(target.isMissingNode() ? own : List.of(target.asString("")));
    }

    private static List<String> texts(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(value));
    }
}
