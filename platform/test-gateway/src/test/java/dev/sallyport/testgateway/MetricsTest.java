package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.ConfigTable;
import dev.sallyport.kernel.plugin.LoaderReport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics}: the gateway's own, and those of plugins, which go with them. */
final class MetricsTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "reference", "metrics.md");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private static final String CONFIG = """
        upstreams:
          bounded: {targets: ["%1$s"], adaptiveConcurrency: {}}
          found: {discover: {dns: {name: found.test, resolver: "127.0.0.1:1"}}}
        routes:
          - {name: one, match: {paths: [/one]}, plugins: [{measured: {text: a}}], upstream: bounded}
          - {name: two, match: {paths: [/two]}, plugins: [{measured: {text: b}}], upstream: "%1$s"}
          - {name: three, match: {paths: [/three]}, plugins: [{measured: {text: refuse}, mode: monitor}], upstream: "%1$s"}
        """;

    private static final String SOURCE = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;
        import io.opentelemetry.api.common.*;
        import io.opentelemetry.api.metrics.*;

        @Type("measured")
        public final class Factory implements FilterFactory<Factory.Config> {

            public record Config(@Doc("A text.") @Default("none") String text) {}

            private static final AttributeKey<String> TEXT = AttributeKey.stringKey("text");

            @Override
            public Filter create(Config config, FilterContext context) {
                Meter meter = context.meter();
                LongCounter seen = meter.counterBuilder("sallyport.measured.seen").build();
                byte[] held = new byte[VALUE];
                meter.gaugeBuilder("sallyport.measured.held").ofLongs().setUnit("By")
                        .buildWithCallback(now -> now.record(held.length, Attributes.of(TEXT, config.text())));
                ObservableLongMeasurement one = meter.gaugeBuilder("sallyport.measured.one").ofLongs().buildObserver();
                meter.batchCallback(() -> one.record(held.length), one);
                LEFT
                return (request, next) -> {
                    seen.add(1);
                    return config.text().equals("refuse") ? Response.of(429) : next.proceed(request);
                };
            }
        }
        """;

    @TempDir
    private Path folder;

    private TestUpstream upstream;
    private TestGateway gateway;

    private Path jar(String version, int value, String left) throws IOException {
        return SamplePlugin.of(
                Files.createDirectories(folder.resolve(version)),
                "measured",
                version,
                SOURCE.replace("VALUE", Integer.toString(value)).replace("LEFT", left));
    }

    @BeforeEach
    void start() throws IOException {
        upstream = TestUpstream.start();
        gateway = TestGateway.with(jar("1.0.0", 100, "")).start(CONFIG.formatted(upstream.address()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void metricsOfAPluginCarryRouteStepAndVersion() {
        gateway.get("/one");
        gateway.get("/two");
        gateway.get("/two");

        assertThat(gateway.metrics())
                .contains("sallyport_measured_seen_total{route=\"one\",step=\"measured\",version=\"1.0.0\"} 1.0\n")
                .contains("sallyport_measured_seen_total{route=\"two\",step=\"measured\",version=\"1.0.0\"} 2.0\n")
                .contains("sallyport_measured_held_bytes"
                        + "{route=\"one\",step=\"measured\",text=\"a\",version=\"1.0.0\"} 100.0\n");
    }

    @Test
    void callbacksOfAReplacedPluginGoWithItAndItsLoaderIsCollected() throws IOException {
        int swaps = Boolean.getBoolean("sallyport.proof") ? 200 : 5;
        gateway.metrics();

        for (int i = 1; i <= swaps; i++) {
            gateway.drop(jar("1." + i + ".0", 100 + i, ""));
            gateway.get("/one");
            gateway.metrics();
        }

        gateway.await("the loaders to be gone", () -> {
            System.gc();
            LoaderReport.Plugin plugin = gateway.loaders().plugins().getFirst();
            return plugin.retired() == swaps && plugin.unreclaimed().isEmpty();
        });
        assertThat(gateway.loaders().plugins().getFirst().counts()).isEmpty();
        assertThat(gateway.metrics()
                        .lines()
                        .filter(line -> line.startsWith("sallyport_measured_held_bytes{route=\"one\"")))
                .containsExactly("sallyport_measured_held_bytes{route=\"one\",step=\"measured\",text=\"a\",version=\"1."
                        + swaps + ".0\"} " + (100 + swaps) + ".0");
    }

    @Test
    void changedStepShowsItsNewCallbackAlone() {
        gateway.configure(CONFIG.formatted(upstream.address()).replace("text: a", "text: c"));

        gateway.await("the old step to be closed", () -> !gateway.metrics().contains("text=\"a\""));
        assertThat(gateway.metrics()).contains("text=\"b\"").contains("text=\"c\"");
    }

    @Test
    void metricsOfAMonitoredStepSaySo() {
        assertThat(gateway.get("/three").statusCode()).isEqualTo(200);

        assertThat(gateway.metrics())
                .contains("sallyport_measured_seen_total"
                        + "{mode=\"monitor\",route=\"three\",step=\"measured\",version=\"1.0.0\"} 1.0\n")
                .contains("sallyport_monitor_verdicts_total"
                        + "{route=\"three\",status=\"429\",step=\"measured\",verdict=\"answered\"} 1.0\n");
    }

    @Test
    void exchangesAreCountedByRouteAndClassOfStatus() {
        gateway.get("/one");
        gateway.get("/nowhere");

        gateway.await("both to have ended", () -> gateway.metrics().contains("in_flight 0.0\n"));
        assertThat(gateway.metrics())
                .contains("sallyport_exchange_duration_seconds_count{route=\"one\",status=\"2xx\"} 1\n")
                .contains("sallyport_exchange_duration_seconds_count{route=\"none\",status=\"4xx\"} 1\n");
    }

    @Test
    void connectionsToTargetsAreCountedByWhatTheyDo() {
        gateway.get("/one");

        gateway.await(
                "the connection to be kept",
                () -> gateway.metrics()
                        .contains("sallyport_target_connections{state=\"idle\",target=\"" + upstream.address()
                                + "\"} 1.0\n"));
        assertThat(gateway.metrics()).contains("sallyport_target_pending{target=\"" + upstream.address() + "\"} 0.0\n");
    }

    @Test
    void answerNamesTheFormat() {
        HttpResponse<String> answer =
                gateway.send(HttpRequest.newBuilder(gateway.statusAddress().resolve("/metrics"))
                        .build());

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    /** Run with {@code -Dsallyport.rewrite=true} to write the page anew. */
    @Test
    void pageListsWhatIsServed() throws IOException {
        gateway.drop(jar("1.1.0", 1, """
            Thread left = new Thread(() -> {
                try {
                    Thread.sleep(3_600_000);
                } catch (InterruptedException e) {
                    // ends
                }
            });
            left.start();
            """));
        gateway.drop(jar("1.2.0", 1, ""));
        gateway.get("/one");
        gateway.get("/three");
        gateway.get("/" + "x".repeat(20_000)); // more than a target may have
        gateway.await(
                "all to be counted",
                () -> gateway.metrics().contains("sallyport_limits_met_total")
                        && gateway.metrics().contains("sallyport_plugin_left_behind_total")
                        && gateway.metrics().contains("sallyport_exchange_duration_seconds"));
        String written = Files.readString(PAGE);

        String generated = ConfigTable.put(written, "metrics", table(gateway.metrics()));

        if (Boolean.getBoolean("sallyport.rewrite")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(written).isEqualTo(generated);
    }

    private static String table(String metrics) {
        Map<String, String> help = new TreeMap<>();
        Map<String, String> type = new TreeMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String line : metrics.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                help.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                type.put(words[2], words[3]);
            } else {
                Matcher sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                String name = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
                Set<String> names = labels.computeIfAbsent(name, first -> new TreeSet<>());
                LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .forEach(label -> names.add("`" + label + "`"));
            }
        }
        List<String> rows = new ArrayList<>(List.of("| metric | type | labels | what |", "| --- | --- | --- | --- |"));
        type.forEach((name, kind) -> {
            if (!name.startsWith("sallyport_measured_")) {
                rows.add("| `" + name + "` | " + kind + " | " + String.join(", ", labels.get(name)) + " | "
                        + help.get(name) + " |");
            }
        });
        return String.join("\n", rows) + "\n";
    }
}
