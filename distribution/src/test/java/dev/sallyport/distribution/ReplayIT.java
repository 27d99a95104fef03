package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was recorded by a gateway, against other configurations. */
final class ReplayIT {

    private static final String KEY = "6d6f62696c65";

    private static final String ROUTES = """
        consumers: [{name: mobile, credentials: [{key-auth: {hash: "sha256:%s"}}]}]
        upstreams: {shop: {targets: ["http://127.0.0.1:9001"]}}
        routes:
          - name: orders
            match: {paths: [/orders/**]}
            plugins: [{key-auth: {}}]
            upstream: shop
          - name: rest
            match: {paths: ["/**"]}
            plugins: [{respond: {body: rest}}]
        """;

    private static Path folder;

    @BeforeAll
    static void record() throws Exception {
        folder = Folders.temporary("replay");
        try (EchoServer upstream = new EchoServer();
                Product product = Product.with(Product.web("trace: {sample: 100%, keep: 100}\n"
                                + "plugins: [{access-log: {to: {file: \"" + folder.resolve("json.log")
                                + "\"}}}, {access-log: {format: combined, to: {file: \""
                                + folder.resolve("combined.log")
                                + "\"}}}]\n"
                                + routes().replace(
                                                "http://127.0.0.1:9001",
                                                upstream.address().toString())))
                        .start()) {
            for (int i = 0; i < 6; i++) {
                assertThat(product.client().status("/orders/" + i, "x-api-key", KEY))
                        .isEqualTo(200);
            }
            assertThat(product.client().status("/orders/6")).isEqualTo(401);
            assertThat(product.client().status("/other?a=1")).isEqualTo(200);
            String traces = product.admin().get("/v1/traces").body();
            assertThat(JsonMapper.shared().readTree(traces)).hasSizeGreaterThanOrEqualTo(7);
            product.stop();
            Files.writeString(folder.resolve("traces.json"), traces);
        }
        write("same.yaml", routes());
        write(
                "limited.yaml",
                routes().replace("[{key-auth: {}}]", "[{key-auth: {}}, {rate-limit: {limit: 4/h, by: consumer}}]"));
        write("moved.yaml", routes().replace("paths: [/orders/**]", "paths: [/orders/1, /orders/2]"));
        write(
                "denied.yaml",
                routes().replace("[{key-auth: {}}]", "[{ip-list: {deny: [127.0.0.0/8]}}, {key-auth: {}}]"));
    }

    private static String routes() throws Exception {
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8));
        return ROUTES.formatted(java.util.HexFormat.of().formatHex(hash));
    }

    private static void write(String name, String config) throws IOException {
        Files.writeString(folder.resolve(name), Product.web(config));
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    private static JsonNode replay(String recorded, String config, String... more) {
        String[] line = new String[5 + more.length];
        line[0] = "replay";
        line[1] = folder.resolve(recorded).toString();
        line[2] = "--config";
        line[3] = folder.resolve(config).toString();
        line[4] = "--json";
        System.arraycopy(more, 0, line, 5, more.length);
        return JsonMapper.shared()
                .readTree(Command.sallyport(folder, line).succeeds().out());
    }

    private static String difference(JsonNode replayed) {
        assertThat(replayed.path("differences")).as(replayed.toString()).hasSize(1);
        JsonNode one = replayed.path("differences").get(0);
        return one.path("count").asInt(0) + " " + one.path("kind").asString("") + " "
                + one.path("from").asString("") + " → " + one.path("to").asString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"traces.json", "json.log", "combined.log"})
    void theSameConfigurationMakesNoDifference(String recorded) {
        JsonNode replayed = replay(recorded, "same.yaml");

        assertThat(replayed.path("differences")).as(replayed.toString()).isEmpty();
        assertThat(replayed.path("requests").asInt(0)).isGreaterThanOrEqualTo(7);
        assertThat(replayed.path("unreadLines").asInt(-1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"traces.json", "json.log", "combined.log"})
    void aLimitCountsTheRecordedCallersAtTheirTimes(String recorded) {
        JsonNode replayed = replay(recorded, "limited.yaml");

        assertThat(difference(replayed)).startsWith("2 verdict ").endsWith(" → 429 by rate-limit");
        assertThat(replayed.path("differences").get(0).path("examples")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"traces.json", "json.log"})
    void aRouteThatTakesFewerRequestsIsSeen(String recorded) {
        assertThat(difference(replay(recorded, "moved.yaml"))).isEqualTo("5 route orders → rest");
    }

    @Test
    void routesOfTheCombinedFormatAreComparedWithAnotherConfiguration() {
        JsonNode replayed = replay(
                "combined.log",
                "moved.yaml",
                "--base",
                folder.resolve("same.yaml").toString());

        assertThat(difference(replayed)).isEqualTo("5 route orders → rest");
    }

    @Test
    void aListThatDeniesIsSeen() {
        JsonNode replayed = replay("traces.json", "denied.yaml");

        assertThat(replayed.toString()).contains("403 by ip-list");
    }

    @Test
    void credentialsThatWereMaskedAreNotJudged() {
        JsonNode replayed = replay("traces.json", "same.yaml");

        assertThat(replayed.path("unknown").toString())
                .contains("key-auth judges credentials, which were not recorded");
        assertThat(replayed.path("notKnown").asInt(0)).isEqualTo(6);
    }

    @Test
    void exitCodeTellsOfDifferences() {
        String recorded = folder.resolve("traces.json").toString();
        Command.sallyport(
                        folder,
                        "replay",
                        recorded,
                        "--exit-code",
                        "--config",
                        folder.resolve("same.yaml").toString())
                .endsWith(0);
        Command told = Command.sallyport(
                        folder,
                        "replay",
                        recorded,
                        "--exit-code",
                        "--config",
                        folder.resolve("moved.yaml").toString())
                .endsWith(1);
        assertThat(told.out()).contains("5 × another route: orders → rest");
        Command.sallyport(folder, "replay", "nothing.log").endsWith(1);
    }
}
