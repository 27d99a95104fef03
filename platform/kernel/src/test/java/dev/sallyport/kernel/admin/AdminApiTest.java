package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who may do what by the admin API, how it answers what it does not offer, and what the audit log says of it. */
final class AdminApiTest {

    private static final String READER = "reader-token-of-the-test";
    private static final String OPERATOR = "operator-token-of-the-test";

    @TempDir
    private Path home;

    private static String hash(String token) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    private RunningGateway start() throws Exception {
        return RunningGateway.in(home, """
            admin:
              address: "127.0.0.1:0"
              pluginUpload: any
              tokens:
                - {name: watcher, role: read, hash: "%s"}
                - {name: ci, role: operate, hash: "%s"}
            routes: [{name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}]
            """.formatted(hash(READER), hash(OPERATOR)));
    }

    private void dropped(String version) throws Exception {
        PluginJar.stamp("hello", version)
                .build(OwnerOnly.createFolder(home.resolve("plugins")).resolve("hello.jar"));
    }

    @Test
    void eachRoleMayDoItsOwnAndNoMore() throws Exception {
        dropped("1.0.0");
        byte[] next = PluginJar.stamp("hello", "1.1.0").bytes();
        try (RunningGateway running = start()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            AdminCaller reader = admin.as(READER);
            AdminCaller operator = admin.as(OPERATOR);

            assertThat(admin.as("nobody-knows-this-token").get("/v1/plugins").status())
                    .isEqualTo(401);
            assertThat(reader.get("/v1/plugins").status()).isEqualTo(200);
            Told reading = reader.post("/v1/plugins/hello/rollback");
            assertThat(reading.status()).isEqualTo(403);
            assertThat(reading.detail()).isEqualTo("the token watcher has the role read (expected: operate)");
            assertThat(operator.put("/v1/plugins", next).status()).isEqualTo(403);
            assertThat(admin.put("/v1/plugins", next).status()).isEqualTo(200);
            assertThat(operator.post("/v1/plugins/hello/rollback").status()).isEqualTo(200);

            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().history().newestFirst().getFirst().author())
                    .isEqualTo("ci");
        }
    }

    @Test
    void aTokenIsGoneWithItsLineInTheConfiguration() throws Exception {
        dropped("1.0.0");
        try (RunningGateway running = start()) {
            AdminCaller reader = AdminCaller.of(running.gateway(), home).as(READER);
            assertThat(reader.get("/v1/plugins").status()).isEqualTo(200);

            running.configure("routes: []\n");

            assertThat(reader.get("/v1/plugins").status()).isEqualTo(401);
        }
    }

    @Test
    void answersWhatItDoesNotOfferAsHttpSays() throws Exception {
        dropped("1.0.0");
        try (RunningGateway running = start()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);

            Told unknown = admin.get("/v1/nothing");
            Told wrongMethod = admin.post("/v1/plugins");
            Told ofFiles = admin.delete("/v1/routes/a");

            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.detail()).contains("/v1/plugins");
            assertThat(wrongMethod.status()).isEqualTo(405);
            assertThat(wrongMethod.response().headers().firstValue("allow")).hasValue("GET, HEAD, PUT");
            assertThat(ofFiles.status()).isEqualTo(409);
            assertThat(ofFiles.detail()).contains("gateway.yaml");
            assertThat(admin.get("/v1/plugins?limit=0").status()).isEqualTo(400);
            assertThat(admin.get("/v1/plugins?offset=%ff").status()).isEqualTo(400);
        }
    }

    @Test
    void describesItselfAsOpenApi() throws Exception {
        dropped("1.0.0");
        try (RunningGateway running = start()) {
            Told told = AdminCaller.of(running.gateway(), home).get("/v1/openapi.json");

            assertThat(told.status()).isEqualTo(200);
            assertThat(told.json().path("openapi").asString("")).isEqualTo("3.1.0");
            assertThat(told.json().at("/paths/~1v1~1plugins/put/x-role").asString(""))
                    .isEqualTo("admin");
            assertThat(told.json()
                            .at("/paths/~1v1~1plugins/put/requestBody/content/application~1java-archive")
                            .isObject())
                    .isTrue();
            assertThat(told.json()
                            .at("/paths/~1v1~1plugins~1{id}/delete/parameters")
                            .toString())
                    .contains("\"in\":\"path\"", "\"name\":\"force\"");
        }
    }

    @Test
    void theDocumentIsWholeAndThePageNamesEachResource() throws Exception {
        dropped("1.0.0");
        try (RunningGateway running = start()) {
            JsonNode document = AdminCaller.of(running.gateway(), home)
                    .get("/v1/openapi.json")
                    .json();
            String page = Files.readString(Path.of("../../docs/reference/admin-api.md"));
            List<String> ids = new ArrayList<>();

            document.path("paths").forEachEntry((path, item) -> {
                assertThat(page)
                        .contains(path.replace("{id}", "{")
                                .replaceAll("\\{.*", "{")
                                .replace("/{", ""));
                item.forEachEntry((method, operation) -> {
                    ids.add(operation.path("operationId").asString(""));
                    List<String> declared = new ArrayList<>();
                    for (JsonNode parameter : operation.path("parameters")) {
                        if (parameter.path("in").asString("").equals("path")) {
                            assertThat(parameter.path("required").asBoolean()).isTrue();
                            declared.add("{" + parameter.path("name").asString("") + "}");
                        }
                    }
                    assertThat(Stream.of(path.split("/", -1)).filter(part -> part.startsWith("{")))
                            .as(path)
                            .containsExactlyElementsOf(declared);
                    assertThat(operation.path("responses").has("200")).isTrue();
                    assertThat(operation.path("responses").has("default")).isTrue();
                });
            });

            assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
            document.findValues("$ref")
                    .forEach(reference -> assertThat(
                                    document.at(reference.asString("").substring(1))
                                            .isObject())
                            .as(reference.asString(""))
                            .isTrue());
        }
    }

    @Test
    void theAuditLogSaysWhoDidWhatAndWhatCameOfIt() throws Exception {
        dropped("1.0.0");
        try (RunningGateway running = start()) {
            AdminCaller admin = AdminCaller.of(running.gateway(), home);
            admin.put("/v1/plugins", PluginJar.stamp("hello", "1.1.0").bytes());
            admin.as(READER).post("/v1/plugins/hello/rollback");

            Told told = admin.get("/v1/audit?limit=2");

            assertThat(told.json()).hasSize(2);
            assertThat(told.json().get(0).toString())
                    .contains(
                            "\"who\":\"watcher\"",
                            "\"action\":\"rollbackPlugin\"",
                            "\"outcome\":\"refused\"",
                            "expected: operate");
            assertThat(told.json().get(1).toString())
                    .contains("\"who\":\"admin\"", "\"action\":\"installPlugin\"", "\"plugin\":\"hello 1.1.0\"");
            String next = told.response().headers().firstValue("link").orElseThrow();
            Told rest = admin.get(next.replaceAll("<(.*)>.*", "$1"));
            assertThat(rest.json().get(0).toString())
                    .contains("\"action\":\"generation\"", "\"who\":\"admin\"", "plugin hello changed: 1.0.0");
            assertThat(rest.json().get(1).toString()).contains("\"who\":\"files\"", "\"resource\":\"started\"");
            assertThat(rest.response().headers().firstValue("link")).isEmpty();
            Path log = home.resolve("data/audit.log");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(log))
                    .doesNotContain(
                            READER,
                            Files.readString(home.resolve("data/admin.token")).strip());
        }
    }

    @Test
    void theAuditLogOutlivesAHalfLineAndBeingMovedAway() throws Exception {
        dropped("1.0.0");
        Path log = home.resolve("data/audit.log");
        try (RunningGateway running = start()) {
            Files.writeString(log, Files.readString(log) + "{\"at\":\"2026");
            running.configure("routes: []\n");

            Told told = AdminCaller.of(running.gateway(), home).get("/v1/audit");

            assertThat(told.json()).hasSize(2);
            Files.move(log, home.resolve("data/audit.log.1"));
            running.configure("routes: []\n");
            assertThat(AdminCaller.of(running.gateway(), home).get("/v1/audit").json())
                    .hasSize(1);
        }
    }
}
