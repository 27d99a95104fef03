package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever came by a reference is shown as the reference, wherever a configuration is shown. */
final class SecretsIT {

    /** Nobody listens there, so what is told of failures is seen too. */
    private static final Map<String, String> VARIABLES = Map.of(
            "TARGET_HOST", "127.1.2.3",
            "PARTNER_HOST", "Partner-host.Example",
            "SECRET_PATH", "/hidden-path",
            "SECRET_METHOD", "PURGE",
            "SECRET_HEADER", "header-value-" + "x".repeat(80),
            "SECRET_QUERY", "query-value",
            "SECRET_TAG", "tag-value",
            "SECRET_GROUP", "group-value",
            "SENT_HOST", "sent-on.example");

    private static final String CONFIG = """
        log: {level: debug}
        trace: {sample: 100%, keep: 100}
        consumers: [{name: ada, groups: ["${env:SECRET_GROUP}"], tags: {tier: "${env:SECRET_TAG}"}}]
        upstreams:
          shop:
            targets: ["http://${env:TARGET_HOST}:9"]
            host: "${env:SENT_HOST}"
            plugins: [{circuit-breaker: {per: target, minimumCalls: 1}}]
        plugins: [{access-log: {to: stdout}}]
        routes:
          - name: all
            upstream: shop
          - name: hidden
            match:
              hosts: ["${env:PARTNER_HOST}"]
              paths: ["${env:SECRET_PATH}"]
              methods: ["${env:SECRET_METHOD}"]
              headers: {x-key: "${env:SECRET_HEADER}"}
              query: {q: "${env:SECRET_QUERY}"}
            upstream: "http://${env:TARGET_HOST}:10"
        """;

    /** Where the values come from. */
    private enum From {
        VARIABLES,
        SERVICE;

        /** The same with references to it. */
        String in(String text) {
            return this == VARIABLES ? text : text.replace("${env:", "${secret:mounted/");
        }

        String config(String written) {
            String services =
                    this == VARIABLES ? "" : "services: [{name: mounted, secret-files: {path: \"" + mounted + "\"}}]\n";
            return Product.web(services + in(written));
        }

        String file() {
            return name().toLowerCase(Locale.ROOT) + ".yaml";
        }
    }

    private static Path folder;
    private static Path mounted;

    @BeforeAll
    static void write() throws IOException {
        folder = Folders.temporary("secrets");
        mounted = Folders.temporary("mounted");
        for (Map.Entry<String, String> each : VARIABLES.entrySet()) {
            Files.writeString(mounted.resolve(each.getKey()), each.getValue());
        }
        for (From from : From.values()) {
            Files.writeString(folder.resolve(from.file()), from.config(CONFIG));
        }
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
        Folders.delete(mounted);
    }

    private static Command sallyport(String... arguments) {
        return Command.sallyport(folder, VARIABLES, arguments);
    }

    private static void assertHidden(String text) {
        VARIABLES.forEach((name, value) -> {
            String told = value.substring(0, Math.min(value.length(), 40));
            assertThat(text).as("no value of " + name).doesNotContainIgnoringCase(told);
        });
    }

    @ParameterizedTest
    @EnumSource
    void adminApiAndLogsShowReferences(From from) throws Exception {
        String target = from.in("http://${env:TARGET_HOST}");
        try (Product product =
                Product.with(from.config(CONFIG)).environment(VARIABLES).start()) {
            assertThat(product.client().get("/x").statusCode()).isEqualTo(502);
            assertThat(product.client().get("/x").statusCode()).isEqualTo(503);
            product.output().await("\"target\":\"" + target + ":9\"");
            product.output().await("no connection to " + target + ":9 could be made");

            assertShown(product, "/v1/upstreams", target + ":9", target + ":10");
            assertShown(product, "/v1/upstreams/shop", target + ":9");
            for (String path : List.of("/v1/routes", "/v1/routes/hidden")) {
                assertShown(
                        product,
                        path,
                        from.in("${env:PARTNER_HOST}"),
                        from.in("${env:SECRET_PATH}"),
                        from.in("${env:SECRET_METHOD}"),
                        from.in("${env:SECRET_HEADER}"),
                        from.in("${env:SECRET_QUERY}"));
            }
            assertShown(product, "/v1/consumers", from.in("${env:SECRET_GROUP}"), from.in("${env:SECRET_TAG}"));
            assertShown(product, "/v1/config", target + ":9");
            assertShown(product, "/v1/traces", target + ":9");
            assertShown(product, "/v1/generations");

            int before = product.output().size();
            product.replace("conf/gateway.yaml", from.config(CONFIG.replace("}:10\"", "}:11\"")));
            assertHidden(
                    product.admin().post("/v1/config/apply?dryRun=true", "").body());
            String serves = product.output().await(" serves: ", before);
            assertShown(
                    product,
                    "/v1/generations/" + serves.replaceAll(".*generation (\\d+) serves.*", "$1") + "/diff",
                    target + ":10",
                    target + ":11");
            product.reconfigureInVain(from.config(CONFIG.replace("}:10\"", "}:x\"")), target + ":x");
            product.reconfigure(from.config(CONFIG.replace("[{access-log: {to: stdout}}]", "[]")));
            assertShown(product, "/v1/audit");
            assertHidden(String.join("\n", product.output().lines()));
            for (String command : List.of("history", "dump", "plan")) {
                Command told = Command.sallyport(
                                product.home(),
                                command,
                                "--server",
                                product.adminAddress().toString(),
                                "--token-file",
                                "data/admin.token")
                        .succeeds();
                assertHidden(told.out());
            }
        }
    }

    private static void assertShown(Product product, String path, String... references) {
        String body = product.admin().get(path).body();
        for (String reference : references) {
            assertThat(body).contains(reference);
        }
        assertHidden(body);
    }

    @Test
    void aChangedSecretFileIsReadAgainWholeOrNotAtAll() {
        // the hashes of "test" and "other"
        String ofTest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        String ofOther = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";
        try (Product product = Product.with(Product.web("""
            consumers:
              - {name: ada, credentials: [{key-auth: {hash: "sha256:${file:../secrets/hash}"}}]}
            routes:
              - name: keys
                plugins:
                  - key-auth:
                  - respond: {body: "the word is ${file:../secrets/word}"}
            """))
                .file("secrets/hash", ofTest + "\n")
                .file("secrets/word", "first-hidden\n")
                .start()) {
            assertThat(product.client().get("/", "x-api-key", "test").body()).isEqualTo("the word is first-hidden");

            product.change(() -> product.replace("secrets/hash", ofOther));
            assertThat(product.client().status("/", "x-api-key", "test")).isEqualTo(401);
            assertThat(product.client().status("/", "x-api-key", "other")).isEqualTo(200);

            int from = product.output().size();
            product.replace("secrets/hash", "broken-hidden");
            product.replace("secrets/word", "second-hidden");
            product.output().await("refused: ", from);
            product.output().await("sha256:${file:../secrets/hash} (expected: ", from);
            assertThat(product.client().get("/", "x-api-key", "other").body()).isEqualTo("the word is first-hidden");
            assertThat(product.status().get("/readyz").body()).contains("${file:../secrets/hash}");

            product.change(() -> product.replace("secrets/hash", ofTest));
            assertThat(product.client().get("/", "x-api-key", "test").body()).isEqualTo("the word is second-hidden");
            assertThat(product.output()
                            + product.admin().get("/v1/audit").body()
                            + product.admin().get("/v1/config").body()
                            + product.status().get("/readyz").body())
                    .contains("${file:../secrets/hash}")
                    .doesNotContain("hidden", ofTest, ofOther);
        }
    }

    @ParameterizedTest
    @EnumSource
    void explainShowsReferences(From from) throws IOException {
        for (String path : List.of("/other", "/hidden-path", "/hidden-path?q=query-value")) {
            for (String host : List.of("other.example", "partner-host.example")) {
                for (String method : List.of("GET", "PURGE")) {
                    explainShowsReferences(from, method, "http://" + host + path);
                }
            }
        }
    }

    private static void explainShowsReferences(From from, String method, String url) {
        Command text =
                sallyport("explain", method, url, "--config", from.file()).succeeds();
        Command json = sallyport("explain", method, url, "--config", from.file(), "--json")
                .succeeds();

        assertThat(text.out())
                .contains(from.in("http://${env:TARGET_HOST}:9"), from.in("Host sent on: ${env:SENT_HOST}"));
        assertThat(json.out())
                .contains(from.in("http://${env:TARGET_HOST}:9"), from.in("\"host\" : \"${env:SENT_HOST}\""));
        for (Command explained : List.of(text, json)) {
            String rest = explained.out();
            for (String asked : List.of(method, "partner-host.example", "/hidden-path", "query-value")) {
                if ((method + url).contains(asked)) {
                    rest = rest.replace(asked, ""); // what was asked for is told again
                }
            }
            assertHidden(rest);
        }
    }

    @ParameterizedTest
    @EnumSource
    void explainSaysWhyTheHiddenRouteWins(From from) {
        Command explained = sallyport(
                "explain",
                "PURGE",
                "http://partner-host.example/hidden-path?q=query-value",
                "-H",
                "x-key: " + VARIABLES.get("SECRET_HEADER"),
                "--config",
                from.file());

        assertThat(explained.succeeds().out())
                .contains(from.in("the exact host ${env:PARTNER_HOST}, the exact path ${env:SECRET_PATH}"))
                .contains(from.in("one of the methods ${env:SECRET_METHOD}"))
                .contains(from.in("over http://${env:TARGET_HOST}:10"));
    }

    @ParameterizedTest
    @EnumSource
    void explainTestsShowReferences(From from) throws IOException {
        Files.writeString(
                folder.resolve("table.yaml"), "- {request: GET /x, route: all, target: 'http://127.0.0.1:9'}\n");

        Command tested = sallyport("explain", "--config", from.file(), "--tests", "table.yaml")
                .endsWith(1);

        assertThat(tested.out())
                .contains(from.in("target: [http://${env:TARGET_HOST}:9] (expected: [http://127.0.0.1:9])"));
        assertHidden(tested.out());
    }

    @ParameterizedTest
    @EnumSource
    void checkShowsReferences(From from) throws IOException {
        Files.writeString(
                folder.resolve("bad.yaml"),
                from.config(CONFIG.replace("}:9\"", "}:9/path\"")
                        .replace("name: hidden", "name: \"${env:SECRET_TAG}\"")
                        .replace("hosts: [\"", "hosts: [\"?")
                        .replace("methods: [\"", "methods: [\"?")
                        .replace("paths: [\"", "paths: [\"?")));

        for (Command checked : List.of(
                sallyport("check", "bad.yaml").endsWith(1),
                sallyport("check", "--json", "bad.yaml").endsWith(1))) {
            assertThat(checked.out())
                    .contains(from.in("http://${env:TARGET_HOST}:9/path (expected: a URL without a path)"))
                    .contains(from.in("?${env:PARTNER_HOST}"), from.in("?${env:SECRET_PATH}"))
                    .contains(from.in("?${env:SECRET_METHOD}"))
                    .contains(from.in("${env:SECRET_TAG} (expected: a name without a reference"));
            assertHidden(checked.out());
        }
    }

    @Test
    void anIncludeReadsOnlyWhatItLists() throws IOException {
        Files.createDirectories(folder.resolve("teams"));
        Files.writeString(
                folder.resolve("teams/shop.yaml"),
                "routes: [{name: a, plugins: [{respond: {body: \"${env:SECRET_TAG}\"}}]}]\n");
        Files.writeString(folder.resolve("closed.yaml"), Product.web("include: [teams/*.yaml]\n"));
        Files.writeString(
                folder.resolve("open.yaml"),
                Product.web("include: [{files: teams/*.yaml, secrets: [\"env:SECRET_TAG\"]}]\n"));

        assertThat(sallyport("check", "closed.yaml").endsWith(1).out())
                .contains("teams/shop.yaml:1:47 routes[0].plugins[0].respond.body: ${env:SECRET_TAG}")
                .contains("give the include at closed.yaml:5:11 secrets: [\"env:SECRET_TAG\"]");
        sallyport("check", "open.yaml").succeeds();
    }
}
