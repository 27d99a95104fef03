package dev.sallyport.kernel.script;

import dev.sallyport.api.Filter;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    private static final Scripts.Limits LIMITS = new Scripts.Limits(
            Duration.ofSeconds(10), Duration.ofSeconds(30), 10_000_000, new Size(256 << 20), new Size(1 << 20));

    private final Path folder;
    private final Consumer<String> out;
    private int passed;
    private int failed;

    private ScriptTests(Path folder, Consumer<String> out) {
        this.folder = folder;
        this.out = out;
    }

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
     * @param out takes the lines to show
     * @throws IOException where the folder cannot be read
     */
    public static Result run(Path folder, Consumer<String> out) throws IOException {
        return new ScriptTests(folder, out).run();
    }

    private Result run() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        try (ScriptService service = new ScriptService(folder, new ScriptService.Settings(2, 32))) {
            for (Path file : files) {
                run(service, file);
            }
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
        try (Filter filter = service.load(script, one.config(), LIMITS, Scripts.Isolation.REQUEST)) {
            differences = new ScriptTrial(one).run(filter);
        } catch (ConfigException e) {
            differences = List.of(e.reason());
        }
        tell(file + ": " + one.name(), differences);
    }

    private void tell(String what, List<String> differences) {
        if (differences.isEmpty()) {
            passed++;
            out.accept("ok   " + what);
        } else {
            failed++;
            out.accept("FAIL " + what);
            differences.forEach(line -> out.accept("     " + line.replace("\n", "\n     ")));
        }
    }
}
