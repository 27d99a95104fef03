package dev.sallyport.kernel.script;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Runs the tests of scripts: each {@code NAME.test.yaml} beside {@code NAME.js} holds cases, each of which calls the script
 * in the real engine, with a {@code next} that answers what the case says. The README of the scripts folder shows the form.
 *
 * <pre>{@code
 * ok   add-region.test.yaml: sets the region
 * FAIL add-region.test.yaml: keeps a region that is there
 *      request.headers.x-region: "eu" (expected: "us")
 * 1 passed, 1 failed
 * }</pre>
 */
public final class ScriptTests {

    private static final String SUFFIX = ".test.yaml";
    /** Generous: a test is cold, and the machine may be busy. */
    static final Scripts.Limits LIMITS = new Scripts.Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            10_000_000,
            new Size(256 << 20),
            new Size(1 << 20),
            new Size(10 << 20),
            100,
            new Rate(1000, Duration.ofSeconds(1)));

    private final Path folder;
    private final Consumer<String> out;
    private int passed;
    private int failed;

    private ScriptTests(Path folder, Consumer<String> out) {
        this.folder = folder;
        this.out = out;
    }

    /** The places of scripts in messages, for the line to be shown. */
    private static final Pattern PLACE = Pattern.compile("^(?:error: )?([^\\s:]+\\.m?js):(\\d+):(\\d+): ");

    private static final int MOST_COLUMNS = 120;
    private final Coverage coverage = new Coverage();
    /** What was run, and all that it imports: text by absolute path. */
    private final Map<String, String> covered = new TreeMap<>();

    /**
     * What came of the cases; a file that cannot be read counts as one that failed.
     *
     * @param passed cases
     * @param failed cases
     */
    public record Result(int passed, int failed) {

        /** Whether there were cases, and all passed. */
        public boolean isGood() {
            return passed > 0 && failed == 0;
        }
    }

    /**
     * Runs all tests of a folder and those below it.
     *
     * @param folder the scripts folder
     * @param withCoverage whether to show which lines of the scripts the tests have run
     * @param out takes the lines to show
     * @throws IOException where the folder cannot be read
     */
    public static Result run(Path folder, boolean withCoverage, Consumer<String> out) throws IOException {
        return new ScriptTests(folder, out).run(withCoverage);
    }

    private Result run(boolean withCoverage) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        try (ScriptService service =
                new ScriptService(folder, new ScriptService.Settings(2, 32), withCoverage ? coverage : null)) {
            for (Path file : files) {
                run(service, file);
            }
        }
        if (withCoverage) {
            tellCoverage();
        }
        out.accept(files.isEmpty() ? "no *" + SUFFIX + " in " + folder : passed + " passed, " + failed + " failed");
        return new Result(passed, failed);
    }

    private void run(ScriptService service, Path file) throws IOException {
        String name = folder.relativize(file).toString().replace('\\', '/');
        try {
            Map<String, ?> test = ScriptCase.map(
                    name,
                    new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(Files.readString(file)));
            String script = test.containsKey("script")
                    ? String.valueOf(test.get("script"))
                    : name.substring(0, name.length() - SUFFIX.length()) + ".js";
            for (ScriptCase one : ScriptCase.read(test)) {
                run(service, script, name, one);
            }
        } catch (YamlEngineException | IllegalArgumentException e) {
            tell(name, List.of(String.valueOf(e.getMessage())));
        }
    }

    private void run(ScriptService service, String script, String file, ScriptCase one) {
        List<String> differences;
        ScriptTrial trial = new ScriptTrial(one);
        List<Scripts.Origin> origins;
        try {
            origins = one.origins();
        } catch (IllegalArgumentException e) {
            tell(file + ": " + one.name(), List.of(String.valueOf(e.getMessage())));
            return;
        }
        try (Filter filter = service.load(
                script,
                one.config(),
                LIMITS,
                Scripts.Isolation.REQUEST,
                origins,
                trial::fetch,
                ScriptService.LOG,
                loaded -> {})) {
            ScriptBundle.read(folder, script).files().forEach((path, bytes) -> {
                if (!path.toString().endsWith(".json")) {
                    covered.put(path.toString(), Contents.text(bytes));
                }
            });
            coverage.count(true);
            differences = trial.run(filter);
        } catch (ConfigException e) {
            differences = List.of(e.reason());
        } finally {
            coverage.count(false);
        }
        tell(file + ": " + one.name(), differences);
    }

    private void tellCoverage() throws IOException {
        Path root = folder.toRealPath();
        coverage.of(covered).forEach((path, lines) -> {
            String name = root.relativize(Path.of(path)).toString().replace('\\', '/');
            String missed = lines.missed().isEmpty() ? "" : "  not run: " + ranges(lines.missed(), lines.statements());
            out.accept("%3d%% of %s%s".formatted(lines.percent(), name, missed));
        });
    }

    /** Lines as 3, 7-9: from one to another where every statement between them is among them. */
    private static String ranges(BitSet lines, BitSet all) {
        List<String> ranges = new ArrayList<>();
        for (int from = lines.nextSetBit(0); from >= 0; ) {
            int to = from;
            for (int next = all.nextSetBit(to + 1); next >= 0 && lines.get(next); next = all.nextSetBit(next + 1)) {
                to = next;
            }
            ranges.add(from == to ? String.valueOf(from) : from + "-" + to);
            from = lines.nextSetBit(to + 1);
        }
        return String.join(", ", ranges);
    }

    /** The line that a message tells of, and a caret below its column; nothing where it tells of none. */
    private List<String> shown(String message) {
        Matcher place = PLACE.matcher(message);
        if (!place.find()) {
            return List.of();
        }
        try {
            List<String> lines = Files.readAllLines(folder.resolve(place.group(1)));
            int line = Integer.parseInt(place.group(2));
            int column = Integer.parseInt(place.group(3));
            if (line > lines.size()
                    || column > Math.min(MOST_COLUMNS, lines.get(line - 1).length() + 1)) {
                return List.of();
            }
            String text = lines.get(line - 1);
            String shown = text.length() > MOST_COLUMNS ? text.substring(0, MOST_COLUMNS) : text;
            String before = text.substring(0, column - 1).replaceAll("[^\\t]", " ");
            return List.of("  " + shown, "  " + before + "^");
        } catch (IOException e) {
            return List.of(); // it is gone
        }
    }

    private void tell(String what, List<String> differences) {
        if (differences.isEmpty()) {
            passed++;
            out.accept("ok   " + what);
        } else {
            failed++;
            out.accept("FAIL " + what);
            for (String line : differences) {
                out.accept("     " + line.replace("\n", "\n     "));
                shown(line).forEach(source -> out.accept("     " + source));
            }
        }
    }
}
