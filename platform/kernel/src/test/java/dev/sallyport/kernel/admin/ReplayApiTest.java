package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What {@code POST /v1/traces/{id}/replay} says of a gateway that runs. */
final class ReplayApiTest {

    private static final String OPERATOR = "0123456789abcdef0123456789abcdef";

    private static final String CONFIG = """
        admin:
          address: "127.0.0.1:0"
          tokens: [{name: ops, role: operate, hash: "sha256:3eb9b9c2d6f0fed1d05b6dfea1ff5c2ad4b2f7b9e2ea3d5d0c4a51c6e4b0dbaa"}]
        trace: {sample: 100%, keep: 100}
        upstreams: {one: {targets: ["http://127.0.0.1:9"]}}
        routes:
          - {name: a, match: {paths: [/a/**]}, upstream: one, plugins: [{acme/deny: {header: x}}]}
          - {name: b, match: {paths: [/b/**]}, upstream: one}
          - {name: c, match: {paths: [/c/**]}, upstream: one, plugins: [{acme/twice: {header: x}}]}
        """;

    @TempDir
    private Path home;

    @BeforeEach
    void makeThePlugin() throws Exception {
        PluginJar.of("steps", "1.0.0")
                .filter(
                        "acme/deny",
                        "x.Deny",
                        "return (request, next) -> new Problem(403, \"no\", \"No\").toResponse(request);")
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("steps.jar"));
        PluginJar.of("limits", "1.0.0")
                .replayable()
                .filter("acme/twice", "x.Twice", """
                    Store store = context.store("memory");
                    var twice = java.util.List.<Limit>of(
                            new Limit.Sliding(2, java.time.Duration.ofHours(1)));
                    return (request, next) -> store.take("all", twice, 1).getFirst().enough()
                            ? next.proceed(request)
                            : new Problem(429, "rate-limited", "Too many requests").toResponse(request);
                    """)
                .build(home.resolve("plugins/limits.jar"));
    }

    /** Its id. */
    private String recorded(RunningGateway running, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create(
                                    "http://" + running.gateway().addresses().get("web") + path))
                            .build(),
                    BodyHandlers.discarding());
            String id = answer.headers().firstValue("x-request-id").orElseThrow();
            RunningGateway.await(() -> admin(running).get("/v1/traces/" + id).status() == 200);
            return id;
        }
    }

    private AdminCaller admin(RunningGateway running) {
        return AdminCaller.of(running.gateway(), home);
    }

    @Test
    void tellsWhatServesAndWhatACandidateWouldDoWithTheRequestsUntilThen() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, CONFIG)) {
            recorded(running, "/b/1");
            String id = recorded(running, "/b/2");
            recorded(running, "/b/3");

            Told told = admin(running)
                    .postJson(
                            "/v1/traces/" + id + "/replay?part=routes/b",
                            "{\"match\": {\"paths\": [\"/other\"]}, \"upstream\": \"one\"}");

            assertThat(told.status()).as(told.json().toString()).isEqualTo(200);
            JsonNode json = told.json();
            assertThat(json.path("recorded").path("id").asString("")).isEqualTo(id);
            assertThat(json.path("serving").path("route").asString("")).isEqualTo("b");
            assertThat(json.path("serving").path("verdict").asString("")).isEqualTo("forwarded to one");
            assertThat(json.path("serving").has("body")).isFalse();
            assertThat(json.path("candidate").path("status").asInt()).isEqualTo(404);
            assertThat(json.path("candidate").path("body").asString("")).contains("no-route");
            assertThat(json.path("all").path("requests").asInt()).isEqualTo(2);
            assertThat(json.path("all").path("different").asInt()).isEqualTo(2);
            assertThat(running.gateway().generation().number()).isEqualTo(1);
        }
    }

    @Test
    void whatReplaysTakeOfALimitWhoeverCallsStillHas() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, CONFIG)) {
            String first = recorded(running, "/c/1");
            String again = "{\"match\": {\"paths\": [\"/c/**\"]}, \"upstream\": \"one\","
                    + " \"plugins\": [{\"acme/twice\": {\"header\": \"x\"}}]}";
            String without = "{\"match\": {\"paths\": [\"/c/**\"]}, \"upstream\": \"one\"}";
            for (int i = 0; i < 4; i++) {
                JsonNode json = replayed(running, first, again);
                assertThat(json.path("candidate").path("verdict").asString(""))
                        .as(json.toString())
                        .isEqualTo("forwarded to one");
                assertThat(json.path("candidate").path("notRun")).isEmpty();
            }

            String second = recorded(running, "/c/2");
            assertThat(status(running, second)).as("the second of two").isEqualTo(502);
            String third = recorded(running, "/c/3");
            assertThat(status(running, third)).as("it limits").isEqualTo(429);
            JsonNode json = replayed(running, third, without);
            assertThat(json.path("serving").path("status").asInt())
                    .as("and does so in a replay: " + json)
                    .isEqualTo(429);
            assertThat(json.path("candidate").path("verdict").asString("")).isEqualTo("forwarded to one");
        }
    }

    private int status(RunningGateway running, String id) {
        return admin(running)
                .get("/v1/traces/" + id)
                .json()
                .at("/response/status")
                .asInt();
    }

    private JsonNode replayed(RunningGateway running, String id, String route) {
        Told told = admin(running).postJson("/v1/traces/" + id + "/replay?part=routes/c", route);
        assertThat(told.status()).as(told.json().toString()).isEqualTo(200);
        return told.json();
    }

    @Test
    void whoMayOnlyLookRunsNothing() throws Exception {
        String readers = CONFIG.replace("role: operate", "role: read")
                .replaceFirst("sha256:[0-9a-f]+", "sha256:" + HexFormat.of().formatHex(AdminTokens.hash(OPERATOR)));
        try (RunningGateway running = RunningGateway.in(home, readers)) {
            String id = recorded(running, "/b/1");

            Told told = admin(running)
                    .as(OPERATOR)
                    .postJson("/v1/traces/" + id + "/replay?part=routes/b", "{\"upstream\": \"one\"}");

            assertThat(told.status()).as(told.json().toString()).isEqualTo(403);
            assertThat(told.detail()).contains("(expected: operate)");
        }
    }

    @Test
    void leavesOutStepsThatMayDoMoreThanDecideAndSaysWhich() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, CONFIG)) {
            String id = recorded(running, "/a/1");

            JsonNode json = admin(running)
                    .send(
                            "POST",
                            "/v1/traces/" + id + "/replay",
                            BodyPublishers.ofString(Files.readString(home.resolve("gateway.yaml"))),
                            "content-type",
                            "application/yaml")
                    .json();

            assertThat(json.path("candidate").path("notRun").toString())
                    .as(json.toString())
                    .isEqualTo("[\"acme/deny\"]");
            assertThat(json.path("serving").path("notRun").toString()).isEqualTo("[\"acme/deny\"]");
        }
    }

    @Test
    void saysWhatIsWrongWithACandidateOrAQuestion() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, CONFIG)) {
            String id = recorded(running, "/b/1");
            String path = "/v1/traces/" + id + "/replay";

            Told invalid = admin(running).postJson(path + "?part=routes/b", "{\"plugins\": [{\"no-such\": {}}]}");
            Told nobody = admin(running).postJson("/v1/traces/nobody/replay?part=routes/b", "{}");
            Told elsewhere = admin(running).postJson(path + "?part=secrets/b", "{}");
            Told scripts = admin(running)
                    .postJson(
                            path,
                            "{\"main\": \"g\", \"files\": {\"g\": \"version: 1\"}, \"scripts\": {\"a.js\": \"\"}}");

            assertThat(invalid.status()).isEqualTo(422);
            assertThat(invalid.json().path("errors").toString()).contains("no-such");
            assertThat(nobody.status()).isEqualTo(404);
            assertThat(elsewhere.detail()).contains("routes/orders");
            assertThat(scripts.detail()).contains("scripts (expected: none");
        }
    }

    @Test
    void whoMayNotHaveItTakenMayNotHaveItRun() throws Exception {
        String operators = CONFIG.replaceFirst(
                "sha256:[0-9a-f]+", "sha256:" + HexFormat.of().formatHex(AdminTokens.hash(OPERATOR)));
        try (RunningGateway running = RunningGateway.in(home, operators)) {
            String id = recorded(running, "/b/1");

            Told told = admin(running)
                    .as(OPERATOR)
                    .postJson("/v1/traces/" + id + "/replay?part=routes/b", "{\"upstream\": \"one\"}");

            assertThat(told.status()).as(told.json().toString()).isEqualTo(409);
            assertThat(told.type()).isEqualTo("files-own-config");
        }
    }
}
