package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests of a gateway that runs, recorded for whoever asks by the admin API. */
final class TracesTest {

    @TempDir
    private Path home;

    private final List<Map<String, List<String>>> reached = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer service;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            reached.add(Map.copyOf(exchange.getRequestHeaders()));
            byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("/broken") ? 500 : 200, 5);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        service.start();
        PluginJar.of("mark", "1.0.0")
                .filter(
                        "acme/mark",
                        "x.Mark",
                        "return (request, next) -> { request.exchange().note(\"seen\", config.header()); return"
                                + " next.proceed(request.withHeader(config.header(), \"1\")); };")
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("mark.jar"));
    }

    @AfterEach
    void stop() {
        service.stop(0);
        client.close();
    }

    private RunningGateway running(String more) throws Exception {
        String to = "http://127.0.0.1:" + service.getAddress().getPort();
        return RunningGateway.in(home, more + """
            plugins: [{acme/mark: {header: x-first}}]
            upstreams: {hello: {targets: ["%s"]}}
            routes:
              - {name: a, match: {paths: [/a/**]}, upstream: hello, plugins: [{acme/mark: {header: x-second}, id: second}]}
              - {name: b, match: {paths: [/b/**]}, upstream: hello}
            """.formatted(to));
    }

    private HttpResponse<String> get(RunningGateway running, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://" + running.gateway().addresses().get("web") + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void recordsNothingWhileNobodyAsks() throws Exception {
        try (RunningGateway running = running("")) {
            get(running, "/a/1");

            assertThat(AdminCaller.of(running.gateway(), home).get("/v1/traces").json())
                    .isEmpty();
        }
    }

    @Test
    void aOneOffHeaderHasThatRequestRecordedAndGoesNoFurther() throws Exception {
        try (RunningGateway running = running("")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            JsonNode made = admin.post("/v1/traces/once").json();
            String header = made.path("header").asString("");
            String value = made.path("value").asString("");

            get(running, "/a/other");
            get(running, "/a/mine?token=HIDDEN", header, value, "authorization", "Basic HIDDEN");
            get(running, "/a/again", header, value);

            JsonNode traces = eventually(admin, "/v1/traces", 1);
            assertThat(traces).hasSize(1);
            JsonNode trace = traces.get(0);
            assertThat(trace.path("request").path("target").asString("")).isEqualTo("/a/mine?token=***");
            assertThat(trace.path("why").asString("")).isEqualTo("once");
            assertThat(trace.path("route").asString("")).isEqualTo("a");
            assertThat(trace.path("steps")
                            .valueStream()
                            .map(step -> step.path("place").asString("") + " "
                                    + step.path("id").asString("") + " "
                                    + step.path("version").asString("") + " "
                                    + step.path("notes").path("seen").asString("")))
                    .containsExactly("chain before routing acme/mark 1.0.0 x-first", "route a second 1.0.0 x-second");
            JsonNode attempt = trace.path("attempts").get(0);
            assertThat(attempt.path("upstream").asString("")).isEqualTo("hello");
            assertThat(attempt.path("status").asInt(0)).isEqualTo(200);
            assertThat(attempt.path("firstByteMicros").asLong(0)).isPositive();
            assertThat(trace.path("response").path("status").asInt(0)).isEqualTo(200);
            assertThat(trace.path("response").path("bodyBytes").asInt(0)).isEqualTo(5);
            assertThat(trace.toString()).doesNotContain("HIDDEN").doesNotContain(value);
            assertThat(reached)
                    .hasSize(3)
                    .allSatisfy(
                            headers -> assertThat(headers.keySet()).noneMatch(name -> name.equalsIgnoreCase(header)));
            assertThat(admin.get("/v1/traces?once=" + made.path("id").asString(""))
                            .json())
                    .hasSize(1);
            assertThat(admin.get("/v1/traces/" + trace.path("id").asString("")).json())
                    .isEqualTo(trace);
            assertThat(admin.get("/v1/traces/nobody").status()).isEqualTo(404);
        }
    }

    @Test
    void tellsOfTheConnectionToTheTarget() throws Exception {
        try (RunningGateway running = running("trace: {sample: 100%}\n")) {
            get(running, "/b/1");
            get(running, "/b/2");

            JsonNode traces = eventually(AdminCaller.of(running.gateway(), home), "/v1/traces", 2);

            JsonNode first = traces.get(1).path("attempts").get(0);
            JsonNode second = traces.get(0).path("attempts").get(0);
            assertThat(first.path("connection").asString("")).isEqualTo("new");
            assertThat(first.has("connectMicros")).isTrue();
            assertThat(second.path("connection").asString("")).isEqualTo("kept");
            assertThat(second.has("connectMicros")).isFalse();
        }
    }

    @Test
    void keepsAsManyOfEachRouteAsConfigured() throws Exception {
        try (RunningGateway running = running("trace: {sample: 100%, keep: 3}\n")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            for (int i = 0; i < 10; i++) {
                get(running, "/a/" + i);
            }
            get(running, "/b/1");
            get(running, "/none");

            RunningGateway.await(() -> admin.get("/v1/traces?route=-").json().size() == 1);
            assertThat(admin.get("/v1/traces?route=a")
                            .json()
                            .valueStream()
                            .map(trace -> trace.path("request").path("target").asString("")))
                    .containsExactly("/a/9", "/a/8", "/a/7");
            assertThat(admin.get("/v1/traces?route=b").json()).hasSize(1);
            AdminCaller.Told page = admin.get("/v1/traces?limit=2&status=200");
            assertThat(page.json()).hasSize(2);
            assertThat(page.response().headers().firstValue("link"))
                    .hasValue("</v1/traces?limit=2&offset=2&status=200>; rel=\"next\"");
            assertThat(admin.get("/v1/traces?limit=2&offset=2&status=200").json())
                    .hasSize(2);
            assertThat(admin.get("/v1/traces?status=6xx").status()).isEqualTo(400);

            running.configure("routes: []\n");
            get(running, "/a/late");
            assertThat(admin.get("/v1/traces").json()).hasSize(5);
        }
    }

    @Test
    void followsThoseThatMatchAndNoOthers() throws Exception {
        try (RunningGateway running = running("")) {
            try (Follower follower = new Follower(running, "route=a&status=500&header=x-user%3D7")) {
                get(running, "/b/broken", "x-user", "7");
                get(running, "/a/1", "x-user", "7");
                get(running, "/a/broken", "x-user", "8");
                get(running, "/a/broken", "x-user", "7");

                JsonNode trace = follower.next();

                assertThat(trace.path("route").asString("")).isEqualTo("a");
                assertThat(trace.path("request").path("headers").path("x-user").asString(""))
                        .isEqualTo("7");
                assertThat(trace.path("response").path("status").asInt(0)).isEqualTo(500);
                assertThat(AdminCaller.of(running.gateway(), home)
                                .get("/v1/traces")
                                .json())
                        .hasSize(1);
            }
        }
    }

    @Test
    void stopsToRecordWhenWhoFollowedHasLeft() throws Exception {
        try (RunningGateway running = running("")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            try (Follower follower = new Follower(running, "")) {
                get(running, "/a/1");
                assertThat(follower.next().path("route").asString("")).isEqualTo("a");
            }

            RunningGateway.await(() -> {
                int before = admin.get("/v1/traces").json().size();
                try {
                    get(running, "/none");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                return admin.get("/v1/traces").json().size() == before;
            });
        }
    }

    @Test
    void onlySoManyFollowAndOneWhoOnlyLooksDoesNot() throws Exception {
        try (RunningGateway running = running("")) {
            Follower[] followers = new Follower[8];
            try {
                for (int i = 0; i < followers.length; i++) {
                    followers[i] = new Follower(running, "");
                }

                AdminCaller admin = AdminCaller.of(running.gateway(), home);
                assertThat(admin.get("/v1/traces/live").status()).isEqualTo(503);
                assertThat(admin.get("/v1/plugins").status()).isEqualTo(200);
            } finally {
                for (Follower follower : followers) {
                    if (follower != null) {
                        follower.close();
                    }
                }
            }
        }
    }

    /** Reads lines of the stream. */
    private final class Follower implements AutoCloseable {

        private final HttpURLConnection connection;
        private final BufferedReader lines;

        Follower(RunningGateway running, String query) throws IOException {
            URI uri = URI.create("http://" + running.gateway().adminAddress() + "/v1/traces/live?" + query);
            connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setRequestProperty(
                    "authorization",
                    "Bearer "
                            + Files.readString(home.resolve("data/admin.token")).strip());
            lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).isEmpty();
        }

        JsonNode next() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return JsonMapper.shared().readTree(line);
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }

    private static JsonNode eventually(AdminCaller admin, String path, int size) throws InterruptedException {
        RunningGateway.await(() -> admin.get(path).json().size() >= size);
        return admin.get(path).json();
    }
}
