package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The configuration as a whole by the admin API: who owns it, what is taken and what is refused. */
final class ConfigApiTest {

    private static final String OPERATOR = "operator-token-of-the-test";
    private static final String ROUTES =
            "routes: [{name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}]\n";
    private static final String MORE =
            "routes: [{name: b, match: {paths: [/b]}, plugins: [{acme/hello: {header: x}}]}]\n";

    @TempDir
    private Path home;

    @BeforeEach
    void drop() throws Exception {
        PluginJar.stamp("hello", "1.0.0")
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("hello.jar"));
    }

    private static String yaml(String rest) throws Exception {
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(OPERATOR.getBytes(StandardCharsets.UTF_8)));
        return """
            admin:
              address: "127.0.0.1:0"
              tokens: [{name: ci, role: operate, hash: "sha256:%s"}]
            """.formatted(hash) + rest;
    }

    private RunningGateway ownedByApi() throws Exception {
        return RunningGateway.in(home, yaml("source: api\n" + ROUTES));
    }

    private String file() throws Exception {
        return Files.readString(home.resolve("gateway.yaml"));
    }

    private static ObjectNode body(String main) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.putObject("files").put("gateway.yaml", main);
        return json;
    }

    private static Told put(AdminCaller caller, ObjectNode body, String... more) {
        return put(caller, "/v1/config", body, more);
    }

    private static Told put(AdminCaller caller, String path, ObjectNode body, String... more) {
        String[] headers = new String[more.length + 2];
        headers[0] = "content-type";
        headers[1] = "application/json";
        System.arraycopy(more, 0, headers, 2, more.length);
        return caller.send("PUT", path, HttpRequest.BodyPublishers.ofString(body.toString()), headers);
    }

    @Test
    void filesOwnTheConfigurationUnlessTheySayOtherwise() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, yaml(ROUTES))) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            ObjectNode body = body(file().replace("name: a", "name: c"));

            Told put = put(admin, body);
            Told planned = put(admin, "/v1/config?dryRun=true", body);

            assertThat(put.status()).isEqualTo(409);
            assertThat(put.type()).isEqualTo("files-own-config");
            assertThat(put.detail()).contains("gateway.yaml says source: files");
            assertThat(planned.status()).isEqualTo(200);
            assertThat(planned.json().path("differences").toString()).contains("route c", "route a");
            assertThat(admin.get("/v1/config").json().path("source").asString(""))
                    .isEqualTo("files");
        }
    }

    @Test
    void aPlanTellsWhatLintFindsInIt() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, yaml(ROUTES))) {
            ObjectNode body =
                    body(file() + "upstreams: {bare: {targets: [\"https://127.0.0.1:1\"], tls: {verify: false}}}\n");

            Told planned = put(AdminCaller.of(running.gateway(), home), "/v1/config?dryRun=true", body);

            assertThat(planned.json().path("findings"))
                    .anyMatch(finding -> finding.asString("").contains("upstreams.bare.tls.verify"));
        }
    }

    @Test
    void whatTheApiBringsServesAlsoAfterARestartAndFilesAreNotRead() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            ObjectNode body = body(file().replace(ROUTES, "include: [teams/*.yaml]\n"));
            body.withObject("files").put("teams/b.yaml", MORE);

            Told put = put(AdminCaller.of(running.gateway(), home).as(OPERATOR), body);

            assertThat(put.status()).isEqualTo(200);
            assertThat(put.json().path("generation").asInt()).isEqualTo(2);
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(running.version("/a")).isEqualTo("404");
            running.configure(yaml("source: api\n" + ROUTES.replace("/a", "/c")));
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            running.startAgain();
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(running.version("/c")).isEqualTo("404");
        }
    }

    @Test
    void aNewJarIsTakenAlsoWhereTheApiOwnsTheConfiguration() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            put(AdminCaller.of(running.gateway(), home), body(file().replace("/a", "/b")));

            Path part = home.resolve("hello.part");
            PluginJar.stamp("hello", "1.1.0").build(part);
            Files.move(part, home.resolve("plugins/hello.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

            RunningGateway.await(() -> running.version("/b").equals("1.1.0"));
            assertThat(running.version("/a")).isEqualTo("404");
        }
    }

    @Test
    void theFilesGetTheConfigurationBackByTheirMainOne() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            put(AdminCaller.of(running.gateway(), home), body(file().replace("/a", "/b")));

            running.configure(yaml("source: files\n" + ROUTES.replace("/a", "/c")));

            assertThat(running.version("/c")).isEqualTo("1.0.0");
            assertThat(running.version("/b")).isEqualTo("404");
        }
    }

    @Test
    void whatIsNotValidIsRefusedWithEveryMistakeAndTheRestServesOn() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told wrong = put(admin, body(file().replace("name: a", "nmae: a")));
            Told filesOnes = put(admin, body(file().replace("source: api\n", "")));

            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.json().path("errors")).hasSize(2);
            assertThat(wrong.json().path("errors").toString()).contains("gateway.yaml:", "nmae", "name: missing");
            assertThat(filesOnes.status()).isEqualTo(422);
            assertThat(filesOnes.json().path("errors").toString()).contains("source is not api");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().history().newestFirst()).hasSize(1);
        }
    }

    @Test
    void aChangeOfWhatAnotherHasChangedIsRefused() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            String seen = admin.get("/v1/config")
                    .response()
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            assertThat(put(admin, body(file().replace("/a", "/b")), "if-match", seen)
                            .status())
                    .isEqualTo(200);

            Told late = put(admin, body(file().replace("/a", "/c")), "if-match", seen);

            assertThat(late.status()).isEqualTo(412);
            assertThat(late.detail()).isEqualTo("generation 2 serves now, and not 1");
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(admin.post("/v1/config/apply", "if-match", seen).status())
                    .isEqualTo(412);
            assertThat(admin.post("/v1/generations/1/rollback", "if-match", seen)
                            .status())
                    .isEqualTo(412);
        }
    }

    @Test
    void operatorsMustNotSayWhoMayDoWhatNorBringCode() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            AdminCaller operator = AdminCaller.of(running.gateway(), home).as(OPERATOR);
            ObjectNode code = body(file());
            code.putObject("scripts").put("a.js", "export default (request, next) => next(request);");

            Told tokens = put(operator, body(file().replace("role: operate", "role: admin")));
            Told scripts = put(operator, code);

            assertThat(tokens.status()).isEqualTo(403);
            assertThat(tokens.detail()).contains("gateway.yaml:3", "admin: says who may do what");
            assertThat(scripts.status()).isEqualTo(403);
            assertThat(scripts.detail()).contains("scripts are code");
            assertThat(running.gateway().generation().number()).isEqualTo(1);
        }
    }

    @Test
    void aRollbackHoldsUntilTheNextConfigurationIsBrought() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            put(admin, body(file().replace("/a", "/b")));

            assertThat(admin.post("/v1/generations/previous/rollback").status()).isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(put(AdminCaller.of(running.gateway(), home), body(file().replace("/a", "/c")))
                            .status())
                    .isEqualTo(200);

            assertThat(running.version("/c")).isEqualTo("1.0.0");
            assertThat(running.gateway().history().hold()).isNull();
        }
    }

    @Test
    void theConfigurationIsShownAsItIsWritten() throws Exception {
        Files.writeString(home.resolve("more.yaml"), "routes: [{name: m, match: {paths: [/m]}, upstream: up}]\n");
        try (RunningGateway running = RunningGateway.in(
                home,
                yaml("upstreams: {up: {targets: [\"http://127.0.0.1:1\"], host: \"${env:NO_SUCH:-hidden.example}\"}}\n"
                        + "include: [more.yaml]\n" + ROUTES))) {
            Told told = AdminCaller.of(running.gateway(), home).as(OPERATOR).get("/v1/config");

            assertThat(told.json().path("files").toString()).isEqualTo("[\"gateway.yaml\",\"more.yaml\"]");
            assertThat(told.json().at("/config/routes/1/name").asString("")).isEqualTo("m");
            assertThat(told.json().path("yaml").asString("")).contains("\"${env:NO_SUCH:-hidden.example}\"");
            assertThat(told.response().body()).doesNotContain("\"hidden.example");
        }
    }

    private static ObjectNode route(String path) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.putObject("match").putArray("paths").add(path);
        json.putArray("plugins").addObject().putObject("acme/hello").put("header", "x");
        return json;
    }

    @Test
    void oneRouteIsMadeExchangedAndDeletedAndTheRestStaysAsItIsWritten() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, yaml("source: api\n# all of them\n" + ROUTES))) {
            AdminCaller operator = AdminCaller.of(running.gateway(), home).as(OPERATOR);

            assertThat(put(operator, "/v1/routes/b", route("/b")).status()).isEqualTo(200);
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            assertThat(put(operator, "/v1/routes/b?message=moved", route("/c")).status())
                    .isEqualTo(200);
            assertThat(running.version("/b")).isEqualTo("404");
            assertThat(running.version("/c")).isEqualTo("1.0.0");
            Told stale = put(operator, "/v1/routes/b", route("/d"), "if-match", "\"1\"");
            assertThat(stale.status()).isEqualTo(412);
            assertThat(operator.delete("/v1/routes/b").status()).isEqualTo(200);
            assertThat(running.version("/c")).isEqualTo("404");
            assertThat(operator.delete("/v1/routes/b").status()).isEqualTo(404);

            assertThat(operator.get("/v1/config").json().path("generation").asInt())
                    .isEqualTo(4);
            var history = running.gateway().history();
            assertThat(history.texts(history.newestFirst().getFirst()).get("gateway.yaml"))
                    .isEqualTo(file());
            assertThat(operator.get("/v1/generations/3").json().toString())
                    .contains("\"author\":\"ci\"", "\"message\":\"moved\"", "put routes/b", "route b changed");
        }
    }

    @Test
    void aPartThatIsNotValidIsRefused() throws Exception {
        try (RunningGateway running = ownedByApi()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told wrong = put(admin, "/v1/routes/b", route("nowhere"));
            Told otherName = put(admin, "/v1/routes/b", route("/b").put("name", "c"));

            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.json().path("errors").toString()).contains("nowhere", "gateway.yaml:");
            assertThat(otherName.status()).isEqualTo(400);
            assertThat(running.gateway().generation().number()).isEqualTo(1);
        }
    }

    @Test
    void anUpstreamInUseIsNotDeleted() throws Exception {
        String yaml = "source: api\nupstreams:\n  up: {targets: [\"http://127.0.0.1:1\"]}\n"
                + "routes: [{name: a, match: {paths: [/a]}, upstream: up}]\n";
        try (RunningGateway running = RunningGateway.in(home, yaml(yaml))) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told used = admin.delete("/v1/upstreams/up");
            assertThat(used.status()).isEqualTo(409);
            assertThat(used.type()).isEqualTo("in-use");
            assertThat(used.json().path("users").toString()).isEqualTo("[\"route a\"]");

            assertThat(admin.delete("/v1/routes/a").status()).isEqualTo(200);
            assertThat(admin.delete("/v1/upstreams/up").status()).isEqualTo(200);
        }
    }

    @Test
    void byForceItIsDeletedAndItsRoutesAnswer503UntilItIsThereAgain() throws Exception {
        String yaml = "source: api\nupstreams:\n  up: {targets: [\"http://127.0.0.1:1\"]}\n"
                + "routes: [{name: a, match: {paths: [/a]}, upstream: up}]\n";
        try (RunningGateway running = RunningGateway.in(home, yaml(yaml))) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            assertThat(running.version("/a")).isEqualTo("502");

            assertThat(admin.delete("/v1/upstreams/up?force=true").status()).isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("503");
            assertThat(running.gateway().degraded()).contains("upstream up is not there: its routes answer 503");
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("503");
            AdminCaller again = AdminCaller.of(running.gateway(), home);
            assertThat(put(again, "/v1/routes/b", route("/b")).status()).isEqualTo(200);
            assertThat(running.version("/b")).isEqualTo("1.0.0");
            ObjectNode upstream = JsonMapper.shared().createObjectNode();
            upstream.putArray("targets").add("http://127.0.0.1:1");
            assertThat(put(again, "/v1/upstreams/up", upstream).status()).isEqualTo(200);

            assertThat(running.version("/a")).isEqualTo("502");
            assertThat(running.gateway().degraded()).isEmpty();
        }
    }

    @Test
    void whereTheFilesOwnItTheAnswerHasThePlaceAndThePatch() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, yaml(ROUTES))) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told told = put(admin, "/v1/routes/a", route("/new"));

            assertThat(told.status()).isEqualTo(409);
            assertThat(told.json().path("file").asString("")).endsWith("/gateway.yaml");
            assertThat(told.json().path("line").asInt()).isEqualTo(6);
            assertThat(told.json().path("patch").asString(""))
                    .contains(
                            "@@ -3,4 +3,4 @@",
                            "\n-" + ROUTES,
                            "\n+routes: [{name: a, match: {paths: [/new]}, plugins: [{acme/hello: {header: x}}]}]\n");
        }
    }
}
