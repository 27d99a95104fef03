package dev.sallyport.kernel.cli;

import dev.sallyport.api.Headers;
import dev.sallyport.kernel.config.ResolvedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A table of requests and what is to become of them:
 *
 * <pre>{@code
 * - request: GET http://api.example.com/orders/7
 *   headers: {x-version: "2"}
 *   route: orders                        # or 404, 405, 400
 *   steps: [access-log, auth, cache]     # ids of those that run, in order
 *   target: http://127.0.0.1:9001        # or a list: all of which one may be chosen
 * }</pre>
 */
final class ExplainTests {

    private static final Set<String> KEYS = Set.of("request", "headers", "route", "steps", "target");

    private ExplainTests() {}

    /** Runs a table; whether all is as expected. */
    static boolean run(Path file, ResolvedConfig config, Consumer<String> out) throws CommandException {
        int passed = 0;
        int failed = 0;
        for (Map<?, ?> row : rows(file)) {
            List<String> differences = differences(row, config, file);
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

    private static List<String> differences(Map<?, ?> row, ResolvedConfig config, Path file) throws CommandException {
        String[] request = String.valueOf(row.get("request")).split(" ", 2);
        if (request.length != 2) {
            throw new CommandException(file + ": " + row.get("request") + " (expected: a method and a URL)");
        }
        Headers.Builder headers = Headers.builder(4);
        if (row.get("headers") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> headers.add(String.valueOf(name), String.valueOf(value)));
        }
        Explained explained = Explained.of(config, request[0], request[1], headers.build());
        List<String> differences = new ArrayList<>();
        compare("route", row.get("route"), explained.verdict(), explained.verdict(), differences);
        compare("steps", row.get("steps"), explained.running(), explained.running(), differences);
        compare(
                "target",
                row.get("target") instanceof String one ? List.of(one) : row.get("target"),
                List.copyOf(explained.targets()),
                explained.targets().stream().map(config::shown).toList(),
                differences);
        return differences;
    }

    /** @param shown the actual value as it may be shown: with references in the place of secrets */
    private static void compare(
            String what, @Nullable Object expected, Object actual, Object shown, List<String> differences) {
        Object wanted = expected instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : expected == null ? null : String.valueOf(expected);
        boolean same = wanted == null
                || wanted.equals(actual)
                || (what.equals("target")
                        && wanted instanceof List<?> one
                        && actual instanceof List<?> all
                        && Set.copyOf(one).equals(Set.copyOf(all)));
        if (!same) {
            differences.add(what + ": " + shown + " (expected: " + wanted + ")");
        }
    }
}
