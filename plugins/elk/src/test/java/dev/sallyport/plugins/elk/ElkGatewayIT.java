package dev.sallyport.plugins.elk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.PluginJar;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testservers.Elasticsearch;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with the jar, before a real Elasticsearch. */
final class ElkGatewayIT {

    private static final int REQUESTS =
            Boolean.getBoolean("sallyport.proof") ? Integer.getInteger("sallyport.elk.requests", 1_000_000) : 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(Boolean.getBoolean("sallyport.proof") ? 60 : 1);

    private static Elasticsearch elasticsearch;
    private static TestUpstream upstream;

    @BeforeAll
    static void start() {
        elasticsearch = Elasticsearch.start();
        upstream = TestUpstream.start();
    }

    @AfterAll
    static void stop() {
        upstream.close();
        elasticsearch.close();
    }

    private static String config(String elk) {
        return """
            plugins:
              - elk: %s
            routes:
              - {name: orders, match: {paths: [/orders/**]}, upstream: "%s"}
            """.formatted(elk, upstream.address());
    }

    private static String to(String stream, Object url) {
        return "{elasticsearch: {url: \"" + url + "\", dataStream: " + stream + "}, retryMost: 1s}";
    }

    private static long count(String stream) {
        return Documents.count(elasticsearch, stream);
    }

    private static String only(String stream) {
        await().atMost(PATIENCE).until(() -> count(stream) == 1);
        return elasticsearch.request("GET", "/" + stream + "/_search", null).body();
    }

    @Test
    void servesTheExamplesOfItsPage() {
        String example = MarkdownPage.examples()
                        .getFirst()
                        .replace(
                                "http://127.0.0.1:9200\"}",
                                elasticsearch.address() + "\", dataStream: logs-sallyport.access-example}")
                + "routes: [{name: orders, match: {paths: [/orders/**]}, upstream: \"" + upstream.address() + "\"}]\n";
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(example)) {
            String id = gateway.get("/orders/7?access_token=hidden&a=b", "authorization", "Bearer hidden")
                    .headers()
                    .firstValue("x-request-id")
                    .orElseThrow();

            String found = only("logs-sallyport.access-example");

            assertThat(found)
                    .contains(
                            "\"request\":{\"id\":\"" + id + "\",\"method\":\"GET\"",
                            "\"path\":\"/orders/7\",\"query\":\"access_token=***&a=b\"",
                            "\"status_code\":200",
                            "\"labels\":{\"site\":\"north\"}",
                            "\"route\":\"orders\"")
                    .doesNotContain("hidden");
            // The id of the document is that of the event, as the pipeline for Logstash wants it.
            assertThat(found).containsPattern("\"_id\":\"([A-Za-z0-9_-]{22})\".*\"event\":\\{\"id\":\"\\1\"");
        }
        for (String further :
                MarkdownPage.examples().subList(1, MarkdownPage.examples().size())) {
            String config = further + "routes: [{name: orders, upstream: \"" + upstream.address() + "\"}]\n";
            try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config)) {
                assertThat(gateway.get("/orders/1").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void servesTheExamplesOfTheGuide() {
        for (MarkdownPage.Fence fence :
                MarkdownPage.read(Path.of("../../docs/guides/elk.md")).yaml()) {
            String config = fence.text()
                    .replace("http://127.0.0.1:9200", elasticsearch.address().toString())
                    .replace("http://127.0.0.1:9001", upstream.address().toString());
            String whole = config.contains("routes:")
                    ? config
                    : config + "routes: [{name: orders, upstream: \"" + upstream.address() + "\"}]\n";
            try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(whole)) {
                assertThat(gateway.get("/orders/1").statusCode()).as(whole).isEqualTo(200);
                assertThat(gateway.steps()).as(whole).contains("\"spoolBytes\"");
            }
        }
    }

    @Test
    void sendsTheBeginningOfBodiesAndLeavesThemAsTheyAre() throws Exception {
        String stream = "logs-sallyport.access-bodies";
        String elk = "{elasticsearch: {url: \"" + elasticsearch.address() + "\", dataStream: " + stream
                + "}, body: {max: 8B, types: [application/json, text/plain]}}";
        upstream.answers(200, "0123456789");
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config(elk))) {
            String answer = gateway.send(
                            HttpRequest.newBuilder(gateway.address().resolve("/orders/1"))
                                    .header("content-type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"a\":\"ÄÖÜ\"}"))
                                    .build())
                    .body();

            assertThat(answer).isEqualTo("0123456789");
            assertThat(upstream.last().body()).isEqualTo("{\"a\":\"ÄÖÜ\"}");
            assertThat(upstream.last().header("content-length")).contains("14");
            assertThat(only(stream)).contains("\"content\":\"{\\\"a\\\":\\\"Ä\"");
        } finally {
            upstream.answers(200, "");
        }
    }

    @Test
    void losesAndDoublesNothingWhenItIsConfiguredAnewAndUpgradedUnderLoad(@TempDir Path folder) throws Exception {
        String stream = "logs-sallyport.access-upgrade";
        Path jar = TestGateway.builtJar();
        try (TestGateway gateway = TestGateway.with(jar).start(config(to(stream, elasticsearch.address())))) {
            int sent;
            try (Load load = new Load(gateway)) {
                await().until(() -> load.sent() > 300);
                ReloadResult changed = gateway.configure(
                        config(to(stream, elasticsearch.address()).replace("retryMost: 1s", "retryMost: 2s")));
                assertThat(changed.created()).isEqualTo(1);
                int before = load.sent();
                await().until(() -> load.sent() > before + 300);
                gateway.drop(PluginJar.withVersion(jar, "0.1.1", folder.resolve(jar.getFileName())));
                int then = load.sent();
                await().until(() -> load.sent() > then + 300);
                sent = load.stop();
            }
            await().atMost(PATIENCE).until(() -> count(stream) >= sent);
            Documents.assertEachOnce(elasticsearch, stream, sent);
        }
    }

    @Test
    void everyRequestIsThereOnceThoughElasticsearchStopsAndDiesAndRollsOverAndTheDiskIsFull() throws Exception {
        String stream = "logs-sallyport.access-hard";
        int part = REQUESTS / 5;
        try (Tmpfs disk = Tmpfs.mount(24_000 + REQUESTS / 3 + "k");
                CuttingProxy proxy = new CuttingProxy(elasticsearch.address())) {
            String config = "folders: {data: \"" + disk.folder() + "\", writable: accepted}\n"
                    + config(to(stream, proxy.address())
                            .replace("retryMost", "batch: " + Math.min(2000, REQUESTS / 50) + ", retryMost"));
            try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start(config)) {
                send(gateway, 0, part);
                await().atMost(PATIENCE).until(() -> count(stream) > 0);

                // killed between write and answer
                proxy.cut(1, elasticsearch::kill);
                send(gateway, part, 2 * part);
                await().atMost(PATIENCE).until(() -> proxy.cuts() == 1);
                elasticsearch.startAgain();
                await().atMost(PATIENCE).until(() -> count(stream) + dropped(gateway) >= 2 * part);

                elasticsearch.stop();
                send(gateway, 2 * part, 3 * part);
                elasticsearch.startAgain();
                await().atMost(PATIENCE).until(() -> count(stream) > 2 * part);

                // the disk is full while nothing can be sent
                elasticsearch.stop();
                Path ballast = disk.fill();
                send(gateway, 3 * part, 4 * part);
                assertThat(gateway.log()).anyMatch(line -> line.contains("No space left on device"));
                Files.delete(ballast);
                proxy.cut(
                        3,
                        () -> assertThat(elasticsearch
                                        .request("POST", "/" + stream + "/_rollover", "{}")
                                        .statusCode())
                                .isEqualTo(200));
                elasticsearch.startAgain();
                send(gateway, 4 * part, 5 * part);

                await().atMost(PATIENCE).until(() -> count(stream) + dropped(gateway) >= REQUESTS);
                long dropped = dropped(gateway);
                System.out.println(REQUESTS + " requests, " + dropped + " records dropped by the cap and counted, "
                        + count(stream) + " in the index");
                await().atMost(PATIENCE).until(() -> proxy.cuts() == 4);
                if (REQUESTS <= 10_000) {
                    assertThat(dropped).isZero();
                }
                Documents.assertEachOnce(elasticsearch, stream, REQUESTS - dropped);
                assertThat(elasticsearch
                                .request("GET", "/_alias/" + stream, null)
                                .body())
                        .contains(stream + "-000004");
            }
        }
    }

    private static long dropped(TestGateway gateway) {
        long all = 0;
        Matcher each =
                Pattern.compile("sallyport_elk_dropped_total\\{[^}]*} (\\d+)").matcher(gateway.metrics());
        while (each.find()) {
            all += Long.parseLong(each.group(1));
        }
        return all;
    }

    /** Sends requests, each with a path of its own. */
    private static void send(TestGateway gateway, int from, int to) throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        int clients = 8;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = HttpClient.newHttpClient()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> {
                    for (int n = next.getAndIncrement(); n < to; n = next.getAndIncrement()) {
                        one(client, gateway, n);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    private static void one(HttpClient client, TestGateway gateway, int number)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(gateway.address().resolve("/orders/" + number))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        if (number % 500 == 0) {
            upstream.forget(); // it remembers what it got, and that takes longer with each one
        }
    }

    /** Requests one after the other, until it is closed. */
    private static final class Load implements AutoCloseable {

        private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        private final AtomicInteger next = new AtomicInteger();
        private final Future<?> running;
        private volatile boolean closed;

        Load(TestGateway gateway) {
            running = thread.submit(() -> {
                try (HttpClient client = HttpClient.newHttpClient()) {
                    while (!closed) {
                        one(client, gateway, next.getAndIncrement());
                    }
                }
                return null;
            });
        }

        /** How many were sent. */
        int stop() throws Exception {
            closed = true;
            running.get();
            return next.get();
        }

        int sent() {
            return next.get();
        }

        @Override
        public void close() {
            closed = true;
            thread.close();
        }
    }
}
