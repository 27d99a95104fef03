package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What ships beside the plugin: templates, Kibana's objects, the files of the whole stack. */
final class ElkFilesTest {

    private static final Path ELK = Path.of("../../distribution/src/main/elk");
    private static final Path ECS =
            Path.of("../../plugin-api/records/src/test/resources/dev/sallyport/records/ecs-fields.csv");

    private static JsonObject mappings() throws IOException {
        String text = Installation.resource("mappings.json").replace("@meta@", "\"_meta\":{}");
        return Node.parse(text).getJsonObject("template").getJsonObject("mappings");
    }

    /** Names with dots, and types. */
    private static Map<String, String> fields() throws IOException {
        Map<String, String> fields = new HashMap<>();
        collect("", mappings().getJsonObject("properties"), fields);
        return fields;
    }

    private static void collect(String prefix, JsonObject properties, Map<String, String> into) {
        properties.forEach((name, value) -> {
            JsonObject field = value.asJsonObject();
            if (field.containsKey("properties")) {
                collect(prefix + name + ".", field.getJsonObject("properties"), into);
            } else {
                into.put(prefix + name, field.getString("type"));
            }
        });
    }

    private static List<JsonObject> objects() throws IOException {
        List<JsonObject> objects = new ArrayList<>();
        for (String line : Files.readAllLines(ELK.resolve("kibana/sallyport.ndjson"))) {
            objects.add(Node.parse(line));
        }
        return objects;
    }

    private static String key(JsonObject object) {
        return object.getString("type") + ":" + object.getString("id");
    }

    @Test
    void mapsFieldsAsTheElasticCommonSchemaDoes() throws IOException {
        Map<String, String> ecs = new HashMap<>();
        for (String line : Files.readAllLines(ECS)) {
            String[] parts = line.split(",");
            if (!line.startsWith("#")) {
                ecs.put(parts[0], parts[1]);
            }
        }
        fields().forEach((name, type) -> {
            if (!name.startsWith("sallyport.")) {
                // The type wildcard is one of keywords that not every server has.
                assertThat(ecs).as(name).containsKey(name);
                assertThat(type).as(name).isEqualTo(ecs.get(name).replace("wildcard", "keyword"));
            }
        });
    }

    @Test
    void theTemplateForLogstashHasTheSameMappings() throws IOException {
        JsonObject template = Node.parse(Files.readString(ELK.resolve("logstash/sallyport-access.json")));
        assertThat(template.getJsonObject("template").getJsonObject("mappings")).isEqualTo(mappings());
        assertThat(template.getJsonArray("index_patterns").getString(0)).isEqualTo(Names.DATASET + "*");
    }

    @Test
    void everyReferenceOfAnObjectIsToOneThatIsThere() throws IOException {
        Set<String> there = new HashSet<>();
        for (JsonObject object : objects()) {
            assertThat(there.add(key(object))).as(key(object)).isTrue();
        }
        for (JsonObject object : objects()) {
            for (JsonValue reference : object.getJsonArray("references")) {
                assertThat(there).contains(key(reference.asJsonObject()));
            }
        }
    }

    @Test
    void aVisualizationHasTheFieldsThatKibanaReadsAndAsksForFieldsThatAreThere() throws IOException {
        Map<String, String> fields = fields();
        int seen = 0;
        for (JsonObject object : objects()) {
            if (!object.getString("type").equals("visualization")) {
                continue;
            }
            seen++;
            JsonObject attributes = object.getJsonObject("attributes");
            JsonObject state = Node.parse(attributes.getString("visState"));
            assertThat(state.getString("title")).isEqualTo(attributes.getString("title"));
            assertThat(state.getString("type")).isIn("metric", "histogram", "area", "line", "pie", "table");
            assertThat(state.getJsonObject("params")).isNotEmpty();
            JsonObject source =
                    Node.parse(attributes.getJsonObject("kibanaSavedObjectMeta").getString("searchSourceJSON"));
            assertThat(object.getJsonArray("references").getJsonObject(0).getString("name"))
                    .isEqualTo(source.getString("indexRefName"));
            Matcher asked = Pattern.compile("([a-z_]+(?:\\.[a-z_]+)+) *(?::|>=|<)")
                    .matcher(source.getJsonObject("query").getString("query"));
            while (asked.find()) {
                assertThat(fields).containsKey(asked.group(1));
            }
            Set<String> ids = new HashSet<>();
            for (JsonValue each : state.getJsonArray("aggs")) {
                JsonObject aggregation = each.asJsonObject();
                assertThat(ids.add(aggregation.getString("id"))).isTrue();
                assertThat(aggregation.getString("schema")).isIn("metric", "segment", "group", "bucket");
                JsonObject params = aggregation.getJsonObject("params");
                if (params.containsKey("field")) {
                    assertThat(fields).containsKey(params.getString("field"));
                }
                if (aggregation.getString("type").equals("terms")) {
                    assertThat(ids).contains(params.getString("orderBy"));
                    assertThat(fields.get(params.getString("field"))).isNotEqualTo("text");
                }
            }
        }
        assertThat(seen).isGreaterThan(20);
    }

    @Test
    void aDashboardShowsEachOfItsPanelsOnceWithinTheGridAndAllVisualizationsAreOnOne() throws IOException {
        Set<String> shown = new HashSet<>();
        int dashboards = 0;
        for (JsonObject object : objects()) {
            if (!object.getString("type").equals("dashboard")) {
                continue;
            }
            dashboards++;
            Map<String, String> references = new HashMap<>();
            for (JsonValue each : object.getJsonArray("references")) {
                references.put(each.asJsonObject().getString("name"), key(each.asJsonObject()));
            }
            JsonObject attributes = object.getJsonObject("attributes");
            JsonArray panels = Node.parse("{\"all\":" + attributes.getString("panelsJSON") + "}")
                    .getJsonArray("all");
            assertThat(panels).hasSameSizeAs(references.keySet());
            boolean[][] taken = new boolean[100][48];
            for (JsonValue each : panels) {
                JsonObject panel = each.asJsonObject();
                shown.add(references.remove(panel.getString("panelRefName")));
                JsonObject grid = panel.getJsonObject("gridData");
                assertThat(grid.getString("i")).isEqualTo(panel.getString("panelIndex"));
                for (int y = grid.getInt("y"); y < grid.getInt("y") + grid.getInt("h"); y++) {
                    for (int x = grid.getInt("x"); x < grid.getInt("x") + grid.getInt("w"); x++) {
                        assertThat(taken[y][x]).as("panels lie on each other").isFalse();
                        taken[y][x] = true;
                    }
                }
            }
            assertThat(references).isEmpty();
            Node.parse(attributes.getString("optionsJSON"));
        }
        assertThat(dashboards).isEqualTo(4);
        Set<String> all = new HashSet<>();
        for (JsonObject object : objects()) {
            if (object.getString("type").equals("visualization")) {
                all.add(key(object));
            }
        }
        assertThat(shown).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "kubernetes/elk.yaml", "kubernetes/gateway.yaml"})
    void aFileOfTheStackIsYamlWithImagesOfOneVersionEach(String name) throws IOException {
        String text = Files.readString(ELK.resolve(name));
        Iterable<Object> documents = new Load(LoadSettings.builder().build()).loadAllFromString(text);
        assertThat(documents).allMatch(Map.class::isInstance);
        List<String> images = Pattern.compile("image: (\\S+)")
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(images).isNotEmpty().allMatch(image -> image.matches(".+:[0-9]+\\.[0-9]+\\.[0-9].*"));
        assertThat(images.stream()
                        .filter(image -> image.startsWith("docker.elastic.co/"))
                        .map(image -> image.replaceFirst(".*:", ""))
                        .distinct())
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void whatComposeMountsIsThere() throws IOException {
        Matcher mounted = Pattern.compile("- (\\.\\S*?):/").matcher(Files.readString(ELK.resolve("compose.yaml")));
        int found = 0;
        while (mounted.find()) {
            found++;
            assertThat(ELK.resolve(mounted.group(1))).exists();
        }
        assertThat(found).isEqualTo(4);
    }

    @Test
    void thePipelineOfLogstashWritesEachRecordUnderItsId() throws IOException {
        String pipeline = Files.readString(ELK.resolve("logstash/pipeline/sallyport.conf"));
        assertThat(pipeline)
                .contains("document_id => \"%{[event][id]}\"", "action => \"create\"", "codec => json_lines");
        assertThat(pipeline.chars().filter(c -> c == '{').count())
                .isEqualTo(pipeline.chars().filter(c -> c == '}').count());
    }

    @Test
    void theScriptThatImportsIsAShellScriptThatOthersMayRun() throws Exception {
        Path script = ELK.resolve("import-kibana.sh");
        assertThat(script).isExecutable();
        assertThat(new ProcessBuilder("sh", "-n", script.toString()).start().waitFor())
                .isZero();
        try (Stream<String> lines = Files.lines(script)) {
            assertThat(lines).anyMatch(line -> line.contains("/api/saved_objects/_import"));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "false, 1"})
    void theScriptThatImportsWaitsForKibanaAndFailsWhereNotAllWasImported(boolean success, int exit) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (TestUpstream kibana = TestUpstream.start().answers(request -> {
            if (request.target().equals("/api/status")) {
                return new Answered(asked.getAndIncrement() == 0 ? 503 : 200, "{}", Map.of());
            }
            assertThat(request.header("kbn-xsrf")).contains("true");
            return new Answered(200, "{\"successCount\":0,\"success\":" + success + ",\"errors\":[]}", Map.of());
        })) {
            ProcessBuilder script =
                    new ProcessBuilder("sh", ELK.resolve("import-kibana.sh").toString());
            script.environment().put("KIBANA_URL", kibana.address().toString());
            assertThat(script.redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor())
                    .isEqualTo(exit);
            assertThat(asked).hasValue(2);
            assertThat(kibana.last().target()).isEqualTo("/api/saved_objects/_import?overwrite=true");
        }
    }
}
