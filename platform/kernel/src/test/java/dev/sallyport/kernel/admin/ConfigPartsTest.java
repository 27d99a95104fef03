package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What somebody needs who changes one part by a form: the part as written, its schema, a plan first, a test after. */
final class ConfigPartsTest {

    private static final String ROUTES = """
        admin: {address: "127.0.0.1:0"}
        upstreams: {shop: {targets: ["http://127.0.0.1:1"]}}
        routes:
          - {name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}
          - {name: b, match: {paths: [/b]}, plugins: [{acme/hello: {header: "${env:NO_SUCH:-y}"}}]}
        """;
    private static final String CHANGED = """
        {"match": {"paths": ["/c"]}, "plugins": [{"acme/hello": {"header": "x"}}]}\
        """;

    @TempDir
    private Path home;

    @BeforeEach
    void drop() throws Exception {
        PluginJar.stamp("hello", "1.0.0")
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("hello.jar"));
    }

    private static Told put(AdminCaller caller, String path, String json) {
        return caller.send("PUT", path, HttpRequest.BodyPublishers.ofString(json), "content-type", "application/json");
    }

    @Test
    void aPartIsPlannedAndNothingChanges() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES + "source: api\n")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told put = put(admin, "/v1/routes/a?dryRun=true", CHANGED);
            Told refused = put(admin, "/v1/routes/a?dryRun=true", CHANGED.replace("/c", "nowhere"));
            Told deleted = admin.delete("/v1/routes/a?dryRun=true");

            assertThat(put.status()).isEqualTo(200);
            assertThat(put.json().path("differences").toString()).contains("route a", "/c");
            assertThat(put.json().has("patch")).isFalse();
            assertThat(refused.status()).isEqualTo(422);
            assertThat(deleted.json().path("differences").toString()).contains("removed");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().generation().number()).isEqualTo(1);
        }
    }

    @Test
    void whereFilesOwnItThePlanHasThePatchToo() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            String before = Files.readString(home.resolve("gateway.yaml"));

            JsonNode plan = put(admin, "/v1/routes/a?dryRun=true", CHANGED).json();

            assertThat(plan.path("differences").toString()).contains("route a");
            assertThat(plan.path("file").asString("")).endsWith("gateway.yaml");
            assertThat(plan.path("patch").asString("")).contains("+  - {name: a", "-  - {name: a");
            assertThat(Files.readString(home.resolve("gateway.yaml"))).isEqualTo(before);
        }
    }

    @Test
    void onePartIsShownAsItIsWritten() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            JsonNode route = admin.get("/v1/config?part=routes/b").json();
            JsonNode upstream = admin.get("/v1/config?part=upstreams/shop").json();

            assertThat(route.path("part").toString()).contains("\"name\":\"b\"", "${env:NO_SUCH:-y}");
            assertThat(route.has("config")).isFalse();
            assertThat(upstream.path("part").toString()).contains("http://127.0.0.1:1");
            assertThat(admin.get("/v1/config?part=routes/none").status()).isEqualTo(404);
            assertThat(admin.get("/v1/config?part=routes").status()).isEqualTo(404);
        }
    }

    @Test
    void whatStandsForAHiddenSecretIsNotTakenForOne() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES + "source: api\n")) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told put = put(admin, "/v1/routes/a", CHANGED.replace("\"x\"", "\"(hidden)\""));

            assertThat(put.status()).isEqualTo(400);
            assertThat(put.detail()).contains("(hidden)", "reference");
        }
    }

    @Test
    void theSchemaHasTheTypesOfPluginsThatAreThere() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            JsonNode schema =
                    AdminCaller.of(running.gateway(), home).get("/v1/schema").json();

            assertThat(schema.at("/$defs/step/properties").toString()).contains("acme/hello");
        }
    }

    @Test
    void aTestRequestIsSentAndRecorded() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told tried = admin.postJson("/v1/try", "{\"url\": \"/a\", \"headers\": {\"host\": \"shop.example\"}}");
            Told none = admin.postJson("/v1/try", "{\"method\": \"POST\", \"url\": \"/none\", \"body\": \"x\"}");

            assertThat(tried.status()).isEqualTo(200);
            assertThat(tried.json().at("/headers/x-version/0").asString("")).isEqualTo("1.0.0");
            assertThat(none.json().path("status").asInt()).isEqualTo(404);
            assertThat(none.json().path("body").asString("")).contains("no-route");
            String once = tried.json().path("once").asString("");
            JsonNode trace =
                    await().until(() -> admin.get("/v1/traces?once=" + once).json(), found -> !found.isEmpty());
            assertThat(trace).hasSize(1);
            assertThat(trace.get(0).path("route").asString("")).isEqualTo("a");
        }
    }

    @Test
    void whatIsNoRequestIsNotSent() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, ROUTES)) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            assertThat(admin.postJson("/v1/try", "{}").status()).isEqualTo(400);
            assertThat(admin.postJson("/v1/try", "{\"url\": \"/a\", \"listener\": \"none\"}")
                            .detail())
                    .contains("listener: none");
        }
    }
}
