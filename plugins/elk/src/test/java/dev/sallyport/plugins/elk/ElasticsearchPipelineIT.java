package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testservers.Elasticsearch;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline makes of a real Elasticsearch that is stopped, killed, rolled over, and cut off between write and answer. */
final class ElasticsearchPipelineIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static Elasticsearch elasticsearch;

    @TempDir
    Path folder;

    private final System.Logger logger = System.getLogger("elk");
    private CuttingProxy proxy;
    private String stream;

    @BeforeAll
    static void startElasticsearch() {
        elasticsearch = Elasticsearch.start();
    }

    @AfterAll
    static void stopElasticsearch() {
        elasticsearch.close();
    }

    @BeforeEach
    void start(TestInfo test) throws IOException {
        proxy = new CuttingProxy(elasticsearch.address());
        stream = Names.DATASET + test.getTestMethod().orElseThrow().getName().toLowerCase();
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private Pipeline pipeline(URI... addresses) throws IOException {
        return pipeline(folder, 64 << 20, addresses);
    }

    private Pipeline pipeline(Path root, long memory, URI... addresses) throws IOException {
        List<Node> nodes = Arrays.stream(addresses)
                .map(address -> new Node(address, null, null, Duration.ofSeconds(20), false))
                .toList();
        return new Pipeline(
                new ElasticsearchOutput(nodes, new IndexStream(stream, true, Lifecycle.DEFAULT)),
                root,
                new Pipeline.Bounds(
                        memory,
                        1 << 30,
                        1 << 20,
                        Sync.EVERY_SECOND,
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        500,
                        1 << 20),
                logger);
    }

    private static void offer(Pipeline pipeline, int from, int to) {
        for (int i = from; i < to; i++) {
            pipeline.offer(new Entry(
                    "id-" + i,
                    ("{\"@timestamp\":\"2026-01-01T00:00:00.000Z\",\"url\":{\"path\":\"/" + i + "\"}}")
                            .getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void rollOver() {
        assertThat(elasticsearch
                        .request("POST", "/" + stream + "/_rollover", "{}")
                        .statusCode())
                .isEqualTo(200);
    }

    private long documents() {
        return Documents.count(elasticsearch, stream);
    }

    private void assertExactlyOnce(long records) {
        Documents.assertEachOnce(elasticsearch, stream, records);
    }

    private void awaitSent(Pipeline pipeline, int records) {
        await().atMost(PATIENCE)
                .until(() ->
                        pipeline.tally().sent.sum() + pipeline.tally().before.sum() >= records);
    }

    @Test
    void sendsWhatItTakesIntoAnIndexWithTheTemplatesMappings() throws IOException {
        try (Pipeline pipeline = pipeline(elasticsearch.address())) {
            offer(pipeline, 0, 1000);
            awaitSent(pipeline, 1000);
            assertExactlyOnce(1000);
            assertThat(elasticsearch
                            .request("GET", "/" + stream + "/_mapping", null)
                            .body())
                    .contains("\"duration\":{\"type\":\"long\"}", "\"ip\":{\"type\":\"ip\"}");
            assertThat(pipeline.trouble()).isNull();
        }
    }

    @Test
    void aBatchWhoseAnswerWasLostIsSentAgainAndIsThereOnce() throws IOException {
        try (Pipeline pipeline = pipeline(proxy.address())) {
            offer(pipeline, 0, 500);
            awaitSent(pipeline, 500);
            proxy.cut(3, () -> {});

            offer(pipeline, 500, 2500);

            awaitSent(pipeline, 2500);
            assertThat(proxy.cuts()).isEqualTo(3);
            assertExactlyOnce(2500);
            assertThat(pipeline.tally().before.sum()).isPositive(); // it may have been one small batch, three times
            assertThat(pipeline.tally().perhapsDouble.sum()).isZero();
        }
    }

    @Test
    void aBatchWhoseAnswerWasLostWhileTheStreamRolledOverIsThereOnceToo() throws IOException {
        try (Pipeline pipeline = pipeline(proxy.address())) {
            offer(pipeline, 0, 500);
            awaitSent(pipeline, 500);
            proxy.cut(3, this::rollOver);

            offer(pipeline, 500, 2500);

            awaitSent(pipeline, 2500);
            assertThat(proxy.cuts()).isEqualTo(3);
            assertExactlyOnce(2500);
        }
    }

    @Test
    void withoutAskingARollOverWouldDoubleThem() {
        String index = "/" + stream;
        elasticsearch.request("PUT", index + "-000001", "{\"aliases\":{\"" + stream + "\":{\"is_write_index\":true}}}");
        String record = "{\"create\":{\"_id\":\"1\"}}\n{\"url\":{\"path\":\"/\"}}\n";
        elasticsearch.request("POST", index + "/_bulk", record);
        rollOver();
        elasticsearch.request("POST", index + "/_bulk", record);

        assertThat(documents()).isEqualTo(2);
    }

    @Test
    void whatAGatewayThatWasClosedInDoubtHasLeftIsThereOnceAfterARollOver() throws IOException {
        try (Pipeline pipeline = pipeline(proxy.address())) {
            offer(pipeline, 0, 500);
            awaitSent(pipeline, 500);
            proxy.cut(1, proxy::close);
            offer(pipeline, 500, 1500);
            await().atMost(PATIENCE).until(() -> proxy.cuts() == 1 && pipeline.trouble() != null);
        }
        rollOver();

        try (Pipeline next = pipeline(elasticsearch.address())) {
            awaitSent(next, 1000);
            assertExactlyOnce(1500);
        }
    }

    @Test
    void waitsOnDiskWhileElasticsearchIsKilledAndStopped() throws IOException {
        try (Pipeline pipeline = pipeline(elasticsearch.address())) {
            offer(pipeline, 0, 1000);
            awaitSent(pipeline, 1000);
            elasticsearch.kill();
            offer(pipeline, 1000, 4000);
            await().atMost(PATIENCE).until(() -> pipeline.trouble() != null && pipeline.queueBytes() == 0);
            assertThat(pipeline.spoolBytes()).isPositive();
            elasticsearch.startAgain();
            awaitSent(pipeline, 2000);
            elasticsearch.stop();
            offer(pipeline, 4000, 5000);
            elasticsearch.startAgain();

            awaitSent(pipeline, 5000);
            assertExactlyOnce(5000);
            assertThat(pipeline.tally().dropped()).isZero();
        }
    }

    @Test
    void goesToAnotherServerWhereOneIsAway() throws IOException {
        URI nobody = URI.create("http://127.0.0.1:1");
        try (Pipeline pipeline = pipeline(nobody, elasticsearch.address())) {
            offer(pipeline, 0, 100);
            awaitSent(pipeline, 100);
            assertExactlyOnce(100);
        }
    }

    @Test
    void aRecordThatDoesNotFitTheMappingIsRejectedAndHoldsUpNobody() throws IOException {
        try (Pipeline pipeline = pipeline(elasticsearch.address())) {
            offer(pipeline, 0, 10);
            pipeline.offer(new Entry(
                    "bad",
                    "{\"@timestamp\":\"2026-01-01T00:00:00.000Z\",\"client\":{\"ip\":\"nowhere\"}}"
                            .getBytes(StandardCharsets.UTF_8)));
            offer(pipeline, 10, 20);
            awaitSent(pipeline, 20);
            await().atMost(PATIENCE).until(() -> pipeline.tally().rejected.sum() == 1);
            assertExactlyOnce(20);
            assertThat(folder.resolve("rejected.ndjson")).content().contains("\"id\":\"bad\"", "client.ip", "nowhere");
        }
    }

    @Test
    void aNewPipelineSendsWhatAnOlderOneThatStillLivesLeaves() throws IOException {
        Pipeline older = pipeline(proxy.address());
        offer(older, 0, 100);
        awaitSent(older, 100);
        proxy.close();
        offer(older, 100, 300);
        try (Pipeline newer = pipeline(elasticsearch.address())) {
            offer(newer, 300, 400);
            awaitSent(newer, 100);
            older.close();

            // Which of the two has sent what is not said: what was on its way when the connection was cut may have
            // arrived.
            await().atMost(PATIENCE).until(() -> documents() >= 400);
            assertExactlyOnce(400);
        }
    }

    @Test
    void aProcessThatIsKilledLosesNothingThatWasWrittenAndDoublesNothingThoughTheStreamRollsOver() throws Exception {
        Path said = folder.resolveSibling(folder.getFileName() + "-said");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledPipeline.class.getName(),
                        elasticsearch.address().toString(),
                        stream,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        await().atMost(PATIENCE).until(() -> written(said) >= 3_000 && documents() > 0);
        process.destroyForcibly().waitFor();
        int written = written(said);
        rollOver();

        try (Pipeline next = KilledPipeline.open(elasticsearch.address(), stream, folder)) {
            await().atMost(PATIENCE).until(() -> next.spoolBytes() >= 0 && documents() >= written);
        }
        // What was on its way when it died may be there too; nothing is there twice.
        assertThat(documents()).isBetween((long) written, written + 50L);
        assertExactlyOnce(documents());
    }

    /** The last whole line that is a number. */
    private static int written(Path said) throws IOException {
        List<String> numbers = Pattern.compile("(?m)^(\\d+)\n")
                .matcher(Files.readString(said))
                .results()
                .map(line -> line.group(1))
                .toList();
        return numbers.isEmpty() ? 0 : Integer.parseInt(numbers.getLast());
    }
}
