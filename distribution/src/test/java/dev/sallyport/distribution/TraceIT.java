package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Traces of real requests: their times, and those of streams, WebSockets, failures and retries of connections. */
final class TraceIT {

    private static final int STEPS = 10;
    private static final int RUNS = 20;

    private static EchoServer upstream;
    private static StreamServer streams;
    private static WebSocketServer webSockets;
    private static Product product;

    @BeforeAll
    static void start() {
        upstream = new EchoServer();
        streams = new StreamServer();
        webSockets = new WebSocketServer();
        String steps = IntStream.range(0, STEPS)
                .mapToObj(i -> "{test/delay: {text: s" + i + "}, id: s" + i + "}")
                .collect(Collectors.joining(", "));
        product = Product.with(config(steps))
                .plugin(PluginJars.step(
                        "test/delay",
                        "1.0.0",
                        "if (config.text().equals(request.header(\"x-step\"))) {"
                                + " Thread.sleep(Long.parseLong(request.header(\"x-delay\"))); }"
                                + " return next.proceed(request);"))
                .environment(Map.of("TOKEN", "HIDDEN-value-of-the-configuration"))
                .start();
    }

    private static String config(String steps) {
        return Product.web(
                """
                trace: {sample: 100%%, keep: 100, mask: [x-birthday]}
                upstreams:
                  echo: {targets: ["%1$s"]}
                  half: {targets: ["http://127.0.0.1:%2$d", "%1$s"]}
                  gone: {targets: ["http://127.0.0.1:%2$d"]}
                routes:
                  - {name: steps, match: {paths: [/steps]}, plugins: [%5$s], upstream: echo}
                  - {name: half, match: {paths: [/half]}, upstream: half}
                  - {name: gone, match: {paths: [/gone]}, upstream: gone}
                  - {name: events, match: {paths: [/events]}, plugins: [{test/delay: {}}], upstream: "%3$s"}
                  - {name: chat, match: {paths: [/chat]}, upstream: "%4$s"}
                  - name: secret
                    match: {paths: [/secret]}
                    plugins: [{headers: {request: {set: {x-plain: "${env:TOKEN}"}}}}]
                    upstream: echo
                """.formatted(upstream.address(), closedPort(), streams.address(), webSockets.address(), steps));
    }

    private static int closedPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        product.close();
        webSockets.close();
        streams.close();
        upstream.close();
    }

    private static JsonNode traces(String query) {
        return JsonMapper.shared()
                .readTree(product.admin().get("/v1/traces?" + query).body());
    }

    /** The trace of a request, once it has ended. */
    private static JsonNode trace(String id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> product.admin().status("/v1/traces/" + id) == 200);
        return JsonMapper.shared()
                .readTree(product.admin().get("/v1/traces/" + id).body());
    }

    private static String id(HttpResponse<?> response) {
        return response.headers().firstValue("x-request-id").orElseThrow();
    }

    @Test
    void aDelayInOneRandomStepOfTenMakesItsOwnTimeTheLargest() {
        Random random = new Random(6);
        for (int run = 0; run < RUNS; run++) {
            int delayed = random.nextInt(STEPS);
            long delay = 100 + random.nextInt(100);

            JsonNode steps = trace(id(
                            product.client().get("/steps", "x-step", "s" + delayed, "x-delay", Long.toString(delay))))
                    .path("steps");

            assertThat(steps).hasSize(STEPS);
            long own = steps.get(delayed).path("selfMicros").asLong(0);
            assertThat(own).isGreaterThanOrEqualTo(delay * 1000);
            for (JsonNode step : steps) {
                if (!step.path("id").asString("").equals("s" + delayed)) {
                    assertThat(step.path("selfMicros").asLong(0))
                            .as(steps.toString())
                            .isLessThan(own);
                }
            }
        }
    }

    @Test
    void aStreamIsToldWhenItEndsAlsoOnALaterGeneration() throws Exception {
        try (RawConnection client = new RawConnection(product.address())) {
            client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> streams.streams() == 1);
            streams.tick("one");
            client.readTo("data: one");
            assertThat(traces("route=events")).isEmpty();
            product.change(
                    () -> product.replace("conf/gateway.yaml", readConfig().replace("keep: 100", "keep: 99")));
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            streams.tick("two"); // by which it is noticed that the client is gone
            return traces("route=events").size() == 1;
        });
        JsonNode trace = traces("route=events").get(0);
        assertThat(trace.path("outcome").asString("")).isEqualTo("client-gone");
        assertThat(trace.path("response").path("bodyBytes").asLong(0)).isPositive();
        assertThat(trace.path("tookMicros").asLong(0))
                .isGreaterThan(trace.path("response").path("headMicros").asLong(0));
    }

    private static String readConfig() {
        try {
            return Files.readString(product.home().resolve("conf/gateway.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWebSocketIsToldWhenItIsClosed() throws Exception {
        try (WebSocketClient client = WebSocketClient.connect(product.address(), "/chat")) {
            assertThat(client.echo("hello")).isEqualTo("hello");
            assertThat(traces("route=chat")).isEmpty();
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> traces("route=chat").size() == 1);
        JsonNode trace = traces("route=chat").get(0);
        assertThat(trace.path("response").path("status").asInt(0)).isEqualTo(101);
        assertThat(trace.path("response").path("tunnel").asBoolean(false)).isTrue();
        assertThat(trace.path("request").path("bodyBytes").asLong(0)).isPositive();
    }

    @Test
    void eachTryAtATargetIsTold() {
        for (int i = 0; i < 4; i++) {
            assertThat(product.client().status("/half")).isEqualTo(200);
        }
        assertThat(product.client().status("/gone")).isEqualTo(502);

        await().atMost(Duration.ofSeconds(30)).until(() -> traces("route=gone").size() == 1);
        JsonNode failed = traces("route=gone").get(0).path("attempts").get(0);
        assertThat(failed.path("failure").asString("")).isNotEmpty();
        assertThat(failed.has("status")).isFalse();
        assertThat(traces("route=half")).anySatisfy(trace -> {
            assertThat(trace.path("attempts")).hasSize(2);
            assertThat(trace.path("attempts").get(0).has("failure")).isTrue();
            assertThat(trace.path("attempts").get(1).path("status").asInt(0)).isEqualTo(200);
        });
    }

    @Test
    void noSecretIsInAnyOutput() {
        Command[] once = new Command[1];
        Thread follower =
                Thread.startVirtualThread(() -> once[0] = sallyport("trace", "--route", "secret", "--count", "1"));
        while (follower.isAlive()) {
            product.client()
                    .get(
                            "/secret?password=HIDDEN-1&page=2",
                            "authorization",
                            "Bearer HIDDEN-2",
                            "cookie",
                            "a=HIDDEN-3",
                            "x-birthday",
                            "HIDDEN-4");
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        }

        assertThat(once[0].succeeds().out()).contains("page=2").contains("x-plain: ${env:TOKEN}");
        assertThat(once[0].out()).doesNotContain("HIDDEN");
        String kept = product.admin().get("/v1/traces?route=secret").body();
        assertThat(kept).contains("page=2").contains("${env:TOKEN}").doesNotContain("HIDDEN");
        assertThat(product.output().toString()).doesNotContain("HIDDEN");
    }

    @Test
    void oneRequestIsRecordedByAHeader() throws Exception {
        JsonNode made = JsonMapper.shared()
                .readTree(product.admin().post("/v1/traces/once", "").body());
        String header = made.path("header").asString("");

        String reached = product.client()
                .get("/steps", header, made.path("value").asString(""))
                .body();

        assertThat(reached).doesNotContain(header);
        await().until(() -> traces("once=" + made.path("id").asString("")).size() == 1);
        assertThat(traces("once=" + made.path("id").asString(""))
                        .get(0)
                        .path("why")
                        .asString(""))
                .isEqualTo("once");
    }

    private static Command sallyport(String... arguments) {
        String[] line = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, line, 0, arguments.length);
        line[arguments.length] = "--server";
        line[arguments.length + 1] = product.adminAddress().toString();
        line[arguments.length + 2] = "--token-file";
        line[arguments.length + 3] = product.home().resolve("data/admin.token").toString();
        return Command.sallyport(Path.of("."), line);
    }
}
