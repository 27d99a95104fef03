package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Steps of a gateway that runs, with {@code mode: monitor} and {@code mode: off}. */
final class MonitorTest {

    /** Answers 429 from the third request on, which it counts under its key in the gateway's store of the process. */
    private static final String LIMIT =
            "java.util.concurrent.atomic.AtomicInteger count = (java.util.concurrent.atomic.AtomicInteger)"
                + " System.getProperties().computeIfAbsent(\"test-\" + context.key(), key -> new"
                + " java.util.concurrent.atomic.AtomicInteger()); return (request, next) -> count.incrementAndGet() >"
                + " 2 ? Response.of(429) : next.proceed(request);";

    private static final String OWNS = "context.ownHeader(config.header()); return (request, next) ->"
            + " next.proceed(request.withHeader(config.header(), \"the step\"));";

    @TempDir
    private Path home;

    private final List<String> reached = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer service;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            reached.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-user")));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        service.start();
        Path plugins = OwnerOnly.createFolder(home.resolve("plugins"));
        PluginJar.of("limit", "1.0.0").filter("acme/limit", "x.Limit", LIMIT).build(plugins.resolve("limit.jar"));
        PluginJar.of("owns", "1.0.0").filter("acme/owns", "y.Owns", OWNS).build(plugins.resolve("owns.jar"));
    }

    @AfterEach
    void stop() {
        service.stop(0);
        client.close();
        System.getProperties().keySet().removeIf(key -> String.valueOf(key).startsWith("test-acme/"));
    }

    private String config(String steps) {
        return config(steps, "");
    }

    private String config(String steps, String ofUpstream) {
        return """
            trace: {sample: 100%%}
            upstreams: {hello: {targets: ["http://127.0.0.1:%d"], plugins: [%s]}}
            routes: [{name: a, match: {paths: [/**]}, upstream: hello, plugins: [%s]}]
            """.formatted(service.getAddress().getPort(), ofUpstream, steps);
    }

    private List<Integer> statuses(RunningGateway running, int requests, String... headers) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                    URI.create("http://" + running.gateway().addresses().get("web") + "/" + i));
            if (headers.length > 0) {
                request.headers(headers);
            }
            statuses.add(client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode());
        }
        return statuses;
    }

    private static String metrics(RunningGateway running) throws Exception {
        try (HttpClient other = HttpClient.newHttpClient()) {
            return other.send(
                            HttpRequest.newBuilder(URI.create(
                                            "http://" + running.gateway().statusAddress() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aLimitTellsWhatItWouldHaveAnsweredAndCountsApart() throws Exception {
        try (RunningGateway running =
                RunningGateway.in(home, config("{acme/limit: {header: x}, id: limit, mode: monitor}"))) {
            assertThat(statuses(running, 4)).containsOnly(200);

            assertThat(metrics(running))
                    .contains("sallyport_monitor_verdicts_total{route=\"a\",step=\"limit\",verdict=\"passed\"} 2.0")
                    .contains("sallyport_monitor_verdicts_total"
                            + "{route=\"a\",status=\"429\",step=\"limit\",verdict=\"answered\"} 2.0");
            JsonNode traces =
                    AdminCaller.of(running.gateway(), home).get("/v1/traces").json();
            assertThat(traces.get(0).path("steps").get(0).path("mode").asString(""))
                    .isEqualTo("monitor");
            assertThat(AdminCaller.of(running.gateway(), home)
                            .get("/v1/routes/a")
                            .json()
                            .path("steps")
                            .get(0)
                            .path("mode")
                            .asString(""))
                    .isEqualTo("monitor");

            running.configure(config("{acme/limit: {header: x}, id: limit}"));

            assertThat(statuses(running, 4)).containsExactly(200, 200, 429, 429);

            running.configure(config("{acme/limit: {header: x}, id: limit, mode: monitor}"));

            assertThat(statuses(running, 4)).containsOnly(200);
        }
    }

    @Test
    void onlyRequestsOfItsConditionMeetIt() throws Exception {
        String step = "{acme/limit: {header: x}, id: limit, mode: monitor, when: {headers: {x-tried: \"1\"}}}";
        try (RunningGateway running = RunningGateway.in(home, config(step))) {
            statuses(running, 5);
            statuses(running, 1, "x-tried", "1");

            assertThat(metrics(running))
                    .contains("sallyport_monitor_verdicts_total{route=\"a\",step=\"limit\",verdict=\"passed\"} 1.0");
        }
    }

    @Test
    void aStepOfTheAttemptIsMonitoredToo() throws Exception {
        String step = "{acme/limit: {header: x}, id: limit, mode: monitor}";
        try (RunningGateway running = RunningGateway.in(home, config("", step))) {
            assertThat(statuses(running, 4)).containsOnly(200);

            assertThat(reached).hasSize(4);
            assertThat(metrics(running)).contains("{route=\"upstream:hello\",status=\"429\",step=\"limit\"");
        }
    }

    @Test
    void headersThatAStepOwnsAreTakenOffInEveryMode() throws Exception {
        for (String mode : List.of("enforce", "monitor", "off")) {
            reached.clear();
            Files.deleteIfExists(home.resolve("gateway.yaml"));
            try (RunningGateway running =
                    RunningGateway.in(home, config("{acme/owns: {header: x-user}, mode: " + mode + "}"))) {
                statuses(running, 1, "x-user", "forged");

                assertThat(reached).as(mode).containsExactly(mode.equals("enforce") ? "the step" : "null");
            }
        }
    }

    @Test
    void aStepThatIsOffAndCannotBeMadeRefusesNothingAndIsNamed() throws Exception {
        PluginJar.of("broken", "1.0.0")
                .filter("acme/broken", "z.Broken", "throw new IllegalStateException(\"no\");")
                .build(home.resolve("plugins/broken.jar"));
        try (RunningGateway running = RunningGateway.in(home, config("{acme/broken: {header: x}, mode: off}"))) {
            assertThat(statuses(running, 1)).containsExactly(200);
            assertThat(running.gateway().degraded()).anyMatch(line -> line.contains("it is off and cannot be made"));
        }
    }

    @Test
    void aMonitoredStepWhosePluginIsMissingLetsRequestsPass() throws Exception {
        try (RunningGateway running =
                RunningGateway.in(home, config("{acme/limit: {header: x}, id: limit, mode: monitor}"))) {
            running.gateway().close();
            Files.delete(home.resolve("plugins/limit.jar"));
            running.startAgain();

            assertThat(statuses(running, 1)).containsExactly(200);
            assertThat(running.gateway().degraded()).anyMatch(line -> line.contains("it is monitored, so all goes on"));
        }
    }
}
