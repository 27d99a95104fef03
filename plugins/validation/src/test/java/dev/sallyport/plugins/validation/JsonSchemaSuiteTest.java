package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The public JSON Schema Test Suite through this plugin's own reader and validator. It is not part of this project: give its
 * folder with {@code -Dsallyport.jsonSchemaSuite=FOLDER}.
 */
final class JsonSchemaSuiteTest {

    /** What fails for reasons that are known; each is told on the plugin's page. */
    private static final Set<String> KNOWN = Set.of();

    private record Result(int passed, List<String> failed) {}

    @ParameterizedTest
    @CsvSource({
        "draft2020-12, DRAFT_2020_12",
        "draft2019-09, DRAFT_2019_09",
        "draft7, DRAFT_7",
        "draft6, DRAFT_6",
        "draft4, DRAFT_4"
    })
    void passes(String folder, Draft draft) throws IOException {
        String suite = System.getProperty("sallyport.jsonSchemaSuite", "");
        assumeTrue(!suite.isEmpty(), "no suite (give its folder with -Dsallyport.jsonSchemaSuite=FOLDER)");
        Path root = Path.of(suite);
        Map<String, String> remotes = remotes(root.resolve("remotes"));

        Result required = run(root.resolve("tests").resolve(folder), 1, draft, remotes);
        Result optional = run(root.resolve("tests").resolve(folder).resolve("optional"), 9, draft, remotes);

        System.out.printf(
                "%s: required %d of %d, optional %d of %d%n",
                folder,
                required.passed,
                required.passed + required.failed.size(),
                optional.passed,
                optional.passed + optional.failed.size());
        required.failed.forEach(failure -> System.out.println("  required: " + failure));
        optional.failed.forEach(failure -> System.out.println("  optional: " + failure));
        assertThat(required.failed).isSubsetOf(KNOWN);
    }

    private static Map<String, String> remotes(Path folder) throws IOException {
        Map<String, String> remotes = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                remotes.put(
                        "http://localhost:1234/"
                                + folder.relativize(file).toString().replace('\\', '/'),
                        Files.readString(file));
            }
        }
        return remotes;
    }

    private static Result run(Path folder, int depth, Draft draft, Map<String, String> remotes) throws IOException {
        int passed = 0;
        List<String> failed = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder, depth)) {
            files = found.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            boolean formats = file.getParent().endsWith("format");
            for (JsonNode group : JsonMapper.shared().readTree(Files.readString(file))) {
                for (JsonNode test : group.path("tests")) {
                    String name = folder.relativize(file) + " | "
                            + group.path("description").asString() + " | "
                            + test.path("description").asString();
                    String wrong = wrong(group.path("schema"), test, draft, formats, remotes);
                    if (wrong == null) {
                        passed++;
                    } else {
                        failed.add(name + " (" + wrong + ")");
                    }
                }
            }
        }
        return new Result(passed, failed);
    }

    private static String wrong(
            JsonNode schema, JsonNode test, Draft draft, boolean formats, Map<String, String> remotes) {
        try {
            JsonReader reader = new JsonReader(100);
            Schemas schemas = new Schemas(Draft.dialects(draft), formats, true, remotes);
            List<Violation> violations = schemas.check(
                    schemas.compile("urn:test:schema", reader.read(schema.toString())),
                    reader.read(test.path("data").toString()),
                    Schemas.Direction.NEITHER,
                    20);
            return violations.isEmpty() == test.path("valid").asBoolean() ? null : "got " + violations;
        } catch (Exception | StackOverflowError e) {
            return e.toString();
        }
    }
}
