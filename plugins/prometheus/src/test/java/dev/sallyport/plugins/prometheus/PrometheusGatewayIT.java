package dev.sallyport.plugins.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of metrics as a real gateway writes it, read by the server and the linter of Prometheus where they are installed. */
final class PrometheusGatewayIT {

    private static final Pattern NAME = Pattern.compile("\\b(sallyport|jvm|process)(_[a-z0-9]+)+\\b");

    @TempDir
    private Path folder;

    private TestUpstream upstream;

    @BeforeEach
    void start() {
        upstream = TestUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(String yaml) {
        return TestGateway.with(TestGateway.builtJar())
                .start(yaml.replace("http://127.0.0.1:9001", upstream.address().toString()));
    }

    private static boolean isInstalled(String program) {
        return Files.isExecutable(Path.of("/usr/bin", program));
    }

    private Process run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = gateway(MarkdownPage.examples().getFirst())) {
            assertThat(gateway.get("/orders/7").statusCode()).isEqualTo(200);

            gateway.await(
                    "the request to be counted",
                    () -> gateway.metrics()
                            .contains(
                                    "sallyport_request_duration_seconds_count{method=\"GET\",route=\"orders\",status=\"200\"}"
                                        + " 1"));
            assertThat(gateway.metrics()).contains("sallyport_generation 1.0").contains("jvm_memory_used_bytes");
        }
    }

    @Test
    void theLinterOfPrometheusFindsNothing() throws Exception {
        assumeTrue(isInstalled("promtool"), "promtool is not installed (Debian: prometheus)");
        try (TestGateway gateway = gateway(MarkdownPage.examples().getFirst())) {
            gateway.get("/orders/7");
            gateway.get("/nowhere");
            gateway.await("both to be counted", () -> gateway.metrics().contains("route=\"none\""));

            Process linter = run("promtool", "check", "metrics");
            try (var input = linter.getOutputStream()) {
                input.write(gateway.metrics().getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(linter.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(said).isEmpty();
            assertThat(linter.waitFor()).isZero();
        }
    }

    @Test
    void theServerOfPrometheusReadsNativeHistogramsAndExemplarsFromIt() throws Exception {
        assumeTrue(isInstalled("prometheus"), "prometheus is not installed (Debian: prometheus)");
        try (TestGateway gateway = gateway(MarkdownPage.examples().getFirst())) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: sallyport
                    static_configs: [{targets: ["%s"]}]
                """.formatted(
                            gateway.statusAddress().getAuthority()));
            Process server = run(
                    "prometheus",
                    "--config.file=prometheus.yml",
                    "--storage.tsdb.path=data",
                    "--enable-feature=native-histograms",
                    "--web.listen-address=127.0.0.1:" + port,
                    "--log.level=warn");
            try (HttpClient client = HttpClient.newHttpClient()) {
                String counted = "http://127.0.0.1:" + port
                        + "/api/v1/query?query=histogram_count(sallyport_request_duration_seconds)";
                gateway.await("its server to have read the histogram", () -> {
                    gateway.get("/orders/7");
                    return ask(client, counted).contains("\"route\":\"orders\"");
                });
                assertThat(ask(client, "http://127.0.0.1:" + port + "/api/v1/query?query=up"))
                        .contains("\"1\"]");
            } finally {
                server.destroy();
                server.waitFor();
            }
        }
    }

    private static String ask(HttpClient client, String url) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theRulesThatShipAreRulesToPrometheus() throws Exception {
        assumeTrue(isInstalled("promtool"), "promtool is not installed (Debian: prometheus)");
        Path shipped =
                Path.of("../../distribution/src/main/monitoring/prometheus").toAbsolutePath();
        for (List<String> check : List.of(
                List.of(
                        "promtool",
                        "check",
                        "rules",
                        shipped.resolve("alerts.yaml").toString()),
                List.of(
                        "promtool",
                        "test",
                        "rules",
                        shipped.resolve("alerts-test.yaml").toString()),
                List.of(
                        "promtool",
                        "check",
                        "config",
                        shipped.resolve("prometheus.yaml").toString()))) {
            Process checked = run(check.toArray(String[]::new));
            String said = new String(checked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(checked.waitFor()).as(said).isZero();
        }
    }

    @Test
    void whatShipsAsksOnlyForMetricsThatThereAre() throws Exception {
        Path shipped = Path.of("../../distribution/src/main/monitoring");
        Set<String> known = new TreeSet<>(Set.of("up"));
        try (TestGateway gateway = gateway(MarkdownPage.examples().getFirst())) {
            gateway.get("/orders/7");
            gateway.await("it to be counted", () -> gateway.metrics().contains("sallyport_request_duration"));
            known.addAll(names(gateway.metrics()));
        }
        known.addAll(names(Files.readString(Path.of("../../docs/reference/metrics.md"))));
        known.addAll(names(Files.readString(Path.of("README.md"))));
        known.addAll(names(Files.readString(Path.of("../rate-limit/README.md"))));

        String asks = Files.readString(shipped.resolve("prometheus/alerts.yaml"))
                + Files.readString(shipped.resolve("grafana/sallyport.json"));

        assertThat(names(asks))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(known)
                        .anyMatch(each ->
                                each.equals(name) || name.matches(Pattern.quote(each) + "_(bucket|count|sum|total)")));
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    @Test
    void theDashboardThatShipsHasQueriesThatPrometheusReads() throws Exception {
        assumeTrue(isInstalled("promtool"), "promtool is not installed (Debian: prometheus)");
        JsonNode dashboard =
                new JsonMapper().readTree(Path.of("../../distribution/src/main/monitoring/grafana/sallyport.json"));
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int queries = 0;
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).as("one id each").isTrue();
            for (JsonNode target : panel.path("targets")) {
                rules.append("      - {record: \"asked:").append(queries++).append("\", expr: '");
                rules.append(target.get("expr").asString().replace("$__rate_interval", "5m"));
                rules.append("'}\n");
            }
        }
        Files.writeString(folder.resolve("dashboard.yaml"), rules);

        Process checked = run("promtool", "check", "rules", "dashboard.yaml");

        String said = new String(checked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(checked.waitFor()).as(said).isZero();
        assertThat(queries).isGreaterThan(20);
    }
}
