package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Consumers and their keys, by the command line and the admin API, as the unpacked product has them. */
final class ConsumersIT {

    private static final String ROUTES = """
        trace: {sample: 100%}
        consumers: [{name: ada, groups: [staff]}]
        routes:
          - {name: keys, match: {paths: [/keys]}, plugins: [{key-auth: {}}, {respond: {body: let in}}]}
          - {name: passwords, match: {paths: [/passwords]}, plugins: [{basic-auth: {}}, {respond: {body: let in}}]}
        """;

    @Test
    void aKeyIsChangedWithoutAMomentInWhichNoneIsGood() {
        try (Product product =
                Product.with(Product.web("source: api\n" + ROUTES)).start()) {
            Client client = product.client();

            String first =
                    key(consumers(product, "add", "mobile", "--id", "k1", "--group", "partners", "--tag", "a=b"));
            assertThat(first).startsWith("sp_k1_").hasSizeGreaterThan(40);
            assertThat(client.status("/keys", "x-api-key", first)).isEqualTo(200);

            String second = key(consumers(product, "add", "mobile", "--id", "k2", "--expires", "2999-01-01"));
            assertThat(client.status("/keys", "x-api-key", first)).isEqualTo(200);
            assertThat(client.status("/keys", "x-api-key", second)).isEqualTo(200);
            assertThat(consumers(product, "list").out())
                    .contains("ada  groups: staff")
                    .contains("mobile  groups: partners  credentials: key-auth k1, key-auth k2 until 2999-01-01");

            consumers(product, "remove", "mobile", "--id", "k1");
            HttpResponse<String> refused = client.get("/keys", "x-api-key", first);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate"))
                    .hasValue("ApiKey realm=\"api\", header=\"x-api-key\"");
            assertThat(trace(product, refused)).contains("\"claimedKeyId\"", "k1", "unknown");
            assertThat(client.status("/keys", "x-api-key", second)).isEqualTo(200);

            // what the gateway keeps, tells and logs has the keys nowhere
            String told = product.output()
                    + product.admin().get("/v1/config").body()
                    + product.admin().get("/v1/audit").body()
                    + product.admin().get("/v1/consumers").body()
                    + product.admin().get("/v1/generations").body();
            assertThat(told).doesNotContain(first, second).contains("remove credential k1 of consumers/mobile");

            // a withdrawal by mistake is taken back as any change
            assertThat(product.admin()
                            .post("/v1/generations/previous/rollback", "")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(client.status("/keys", "x-api-key", first)).isEqualTo(200);
        }
    }

    @Test
    void theCommandSaysWhatItCannotDo() {
        try (Product product =
                Product.with(Product.web("source: api\n" + ROUTES)).start()) {
            consumers(product, "add", "mobile", "--id", "k1");

            assertThat(run(product, "add", "mobile", "--id", "k1").endsWith(1).err())
                    .contains("id k1 (expected: another than those of consumer mobile)");
            assertThat(run(product, "add", "mobile", "--group", "x").endsWith(1).err())
                    .contains("consumer mobile is there, with its groups and tags");
            assertThat(run(product, "remove", "mobile", "--id", "k9")
                            .endsWith(1)
                            .err())
                    .contains("no credential with the id k9 of consumer mobile");
            assertThat(run(product, "add", "mobile", "--id", "a_b").endsWith(1).err())
                    .contains("--id a_b (expected: up to 32 letters, digits, '.' and '-')");
            assertThat(run(product, "add", "mobile", "--password").endsWith(1).err())
                    .contains("the password has 0 bytes (expected: 1 to 72");
            consumers(product, "remove", "mobile");
            assertThat(consumers(product, "list").out()).doesNotContain("mobile");
        }
    }

    @Test
    void whereFilesOwnTheConfigurationTheLinesArePrinted() {
        try (Product product = Product.with(Product.web(ROUTES)).start()) {
            Command added = consumers(product, "add", "mobile", "--id", "k1", "--group", "partners");
            String key = key(added);
            String yaml = added.out().substring(added.out().indexOf("consumers:"));
            assertThat(yaml).contains("groups: [partners]", "id: k1", "sha256:").doesNotContain(key);
            assertThat(product.client().status("/keys", "x-api-key", key)).isEqualTo(401);

            product.reconfigure(Product.web(ROUTES.replace("consumers: [{name: ada, groups: [staff]}]\n", yaml)));
            assertThat(product.client().status("/keys", "x-api-key", key)).isEqualTo(200);
            assertThat(run(product, "remove", "mobile", "--id", "k1")
                            .endsWith(1)
                            .err())
                    .contains("gateway.yaml", "credentials: []");
        }
    }

    @Test
    void aPasswordIsReadAndOnlyItsHashIsSent() {
        try (Product product =
                Product.with(Product.web("source: api\n" + ROUTES)).start()) {
            Map<String, String> environment = Product.environment();
            Command added = Command.in(
                            product.home(),
                            environment,
                            "sh",
                            "-c",
                            "printf 'pässword: 1' | bin/sallyport consumers add ada --password --user ada-2 --json"
                                    + " --server " + product.adminAddress() + " --token-file data/admin.token")
                    .succeeds();

            assertThat(added.out()).contains("\"generation\"").doesNotContain("\"key\"");
            String login = Base64.getEncoder().encodeToString("ada-2:pässword: 1".getBytes(StandardCharsets.UTF_8));
            assertThat(product.client().status("/passwords", "authorization", "Basic " + login))
                    .isEqualTo(200);
            assertThat(product.client().status("/passwords", "authorization", "Basic YWRhLTI6eA=="))
                    .isEqualTo(401);
        }
    }

    @Test
    void programsAddAndRemoveCredentialsByTheApi() {
        try (Product product =
                Product.with(Product.web("source: api\n" + ROUTES)).start()) {
            Client admin = product.admin();
            // the hash of "test"
            String body = "{\"key-auth\": {\"hash\":"
                    + " \"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\", \"id\": \"t\"}}";

            HttpResponse<String> added = post(admin, "/v1/consumers/fresh/credentials", body);
            assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
            assertThat(product.client().status("/keys", "x-api-key", "test")).isEqualTo(200);
            assertThat(admin.get("/v1/consumers/fresh").body())
                    .contains("{\"type\":\"key-auth\",\"id\":\"t\"}")
                    .doesNotContain("sha256");

            HttpResponse<String> again = post(admin, "/v1/consumers/fresh/credentials", body);
            assertThat(again.statusCode()).isEqualTo(400);
            HttpResponse<String> wrong =
                    post(admin, "/v1/consumers/fresh/credentials", "{\"key-auth\": {\"hash\": \"a-plain-key\"}}");
            assertThat(wrong.statusCode()).isEqualTo(422);
            assertThat(wrong.body()).contains("(expected: ");
            assertThat(post(admin, "/v1/consumers/fresh/credentials", "[]").statusCode())
                    .isEqualTo(400);

            assertThat(admin.send("DELETE", "/v1/consumers/fresh/credentials/t", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(product.client().status("/keys", "x-api-key", "test")).isEqualTo(401);
            assertThat(admin.send("DELETE", "/v1/consumers/fresh/credentials/t", BodyPublishers.noBody())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void consumersMayStandInAFileOfTheirOwn() {
        try (Product product = Product.with(Product.web("include: [consumers.yaml]\n"
                        + ROUTES.replace("consumers: [{name: ada, groups: [staff]}]\n", "")))
                .file("conf/consumers.yaml", """
                    consumers:
                      - name: mobile
                        credentials:
                          - key-auth: {hash: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
                    """)
                .start()) {
            assertThat(product.client().status("/keys", "x-api-key", "test")).isEqualTo(200);

            product.change(() -> product.replace("conf/consumers.yaml", "consumers: []\n"));

            assertThat(product.client().status("/keys", "x-api-key", "test")).isEqualTo(401);
        }
    }

    private static HttpResponse<String> post(Client admin, String path, String body) {
        return admin.send("POST", path, BodyPublishers.ofString(body), "content-type", "application/json");
    }

    private static String trace(Product product, HttpResponse<String> response) {
        String id = response.headers().firstValue("x-request-id").orElseThrow();
        JsonNode trace = JsonMapper.shared()
                .readTree(product.admin().get("/v1/traces/" + id).body());
        return trace.toString();
    }

    private static Command consumers(Product product, String... arguments) {
        return run(product, arguments).succeeds();
    }

    private static Command run(Product product, String... arguments) {
        List<String> all = new ArrayList<>(List.of("consumers"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--server", product.adminAddress().toString(), "--token-file", "data/admin.token"));
        return Command.sallyport(product.home(), all.toArray(String[]::new));
    }

    private static String key(Command added) {
        Matcher key = Pattern.compile("(?m)^ {2}(sp_\\S{40,})$").matcher(added.out());
        assertThat(key.find()).as(added.out()).isTrue();
        return key.group(1);
    }
}
