package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.deploy.ReloadResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the gateway explains of a request is what is seen from outside when it is sent: the status, the steps that stamp the
 * answer, the target that answers and what it has been sent.
 */
final class ExplainTruthTest {

    private static final int TABLES = Boolean.getBoolean("sallyport.proof") ? 500 : 12;
    private static final int REQUESTS = 25;

    @TempDir
    private Path folder;

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void explainsWhatIsSeenFromOutside() throws IOException {
        long seed = Long.getLong("sallyport.seed", System.nanoTime());
        System.out.println("explain against the outside: -Dsallyport.seed=" + seed);
        List<EchoTarget> targets =
                IntStream.range(0, 10).mapToObj(i -> EchoTarget.start()).toList();
        List<String> urls = targets.stream().map(EchoTarget::url).toList();
        List<String> wrong = new ArrayList<>();
        try (TestGateway gateway =
                TestGateway.with(StampPlugin.in(folder)).start(new RandomTable(new Random(seed)).yaml(urls))) {
            for (int i = 0; i < TABLES; i++) {
                Random random = new Random(seed + i);
                RandomTable table = new RandomTable(random);
                String yaml = table.yaml(urls);
                ReloadResult result = gateway.configure(yaml);
                assertThat(result.applied())
                        .as("seed " + (seed + i) + "\n" + yaml + gateway.degraded())
                        .isTrue();
                String cookie = "";
                for (int j = 0; j < REQUESTS; j++) {
                    RandomRequest request = RandomRequest.of(random, table.names(), cookie);
                    JsonNode told = JsonMapper.shared().readTree(gateway.explain(question(request)));
                    WireAnswer answer = WireAnswer.to(
                            gateway.address(), request.method(), request.target(), request.fields(), request.body());
                    List<String> differences = new Comparison(table, told, answer, seen).differences();
                    if (!differences.isEmpty()) {
                        wrong.add("seed " + (seed + i) + ", request " + j + " " + request + "\n  " + differences
                                + "\n  " + told + "\n  " + answer + "\n" + yaml);
                    }
                    String set = answer.field("set-cookie");
                    cookie = set.isEmpty() ? cookie : set.split(";", 2)[0];
                }
            }
        } finally {
            targets.forEach(EchoTarget::close);
        }
        System.out.println("explain against the outside: " + TABLES * REQUESTS + " requests, " + seen);

        assertThat(wrong.stream().limit(3).toList())
                .as(wrong.size() + " wrong; seed " + seed)
                .isEmpty();
        assertThat(seen.keySet())
                .contains(
                        "answered by listener",
                        "answered by gateway",
                        "answered by step",
                        "sent",
                        "sent to the one target");
    }

    /** The control: an explanation that is wrong in one thing is seen to be. */
    @Test
    void seesThatAnExplanationIsWrong() {
        RandomTable table = new RandomTable(new Random(1));
        table.yaml(IntStream.range(0, 10)
                .mapToObj(i -> "http://127.0.0.1:" + (i + 1))
                .toList());
        String told = """
            {"steps": [{"id": "a", "runs": true}, {"id": "b", "runs": true}],
             "upstream": {"name": "u0", "target": "http://127.0.0.1:1", "sends": "GET /x", "host": "h"}}
            """;
        WireAnswer seen = new WireAnswer(
                200,
                new TreeMap<>(Map.of(
                        "x-echo-target",
                        "http://127.0.0.1:1",
                        "x-echo-line",
                        "GET /x HTTP/1.1",
                        "x-echo-host",
                        "h",
                        "x-passed",
                        "a,b")));

        assertThat(differences(table, told, seen)).isEmpty();
        for (String lie : List.of(
                told.replace("\"b\", \"runs\": true", "\"b\", \"runs\": false"),
                told.replace("\"id\": \"a\"", "\"id\": \"c\""),
                told.replace("127.0.0.1:1", "127.0.0.1:2"),
                told.replace("GET /x", "GET /y"),
                told.replace("\"host\": \"h\"", "\"host\": \"i\""),
                "{\"answer\": {\"status\": 404, \"by\": \"gateway\"}}")) {
            assertThat(differences(table, lie, seen)).as(lie).isNotEmpty();
        }
    }

    private List<String> differences(RandomTable table, String told, WireAnswer answer) {
        return new Comparison(table, JsonMapper.shared().readTree(told), answer, seen).differences();
    }

    private static String question(RandomRequest request) {
        ObjectNode question = JsonMapper.shared()
                .createObjectNode()
                .put("method", request.method())
                .put("url", request.target());
        ObjectNode headers = question.putObject("headers");
        for (Map.Entry<String, String> field : request.fields()) {
            headers.withArrayProperty(field.getKey()).add(field.getValue());
        }
        return question.put("body", "x".repeat(request.body())).toString();
    }
}
