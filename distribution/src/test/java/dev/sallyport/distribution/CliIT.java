package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, from another folder than the installation's. */
final class CliIT {

    private static final String CONFIG = """
        consumers:
          - {name: ada, credentials: [{key-auth: {hash: "sha256:${env:NO_SUCH_VARIABLE:-c48a01f49fd0f2cc404bc3cbbc80e91457a3d41bb429a695243de4c61794155c}"}}]}
        upstreams:
          shop: {targets: ["http://127.0.0.1:9001", {url: "http://127.0.0.1:9002", weight: 2}]}
        plugins:
          - access-log: {to: stdout}
        routes:
          - name: order
            match: {hosts: [api.example.com], paths: ["/orders/{id}"], methods: [GET]}
            plugins:
              - key-auth:
              - headers: {request: {set: {x-secret: "${env:NO_SUCH_VARIABLE:-s3cret}"}}}
                when: {headers: {x-version: "2"}}
            upstream: shop
          - name: rest
            match: {paths: ["/**"]}
            plugins: [{respond: {body: rest}}]
        """;

    private static Path folder;
    private static Path config;

    @BeforeAll
    static void write() throws IOException {
        folder = Folders.temporary("a folder with spaces");
        config = Files.writeString(folder.resolve("gateway.yaml"), Product.web(CONFIG));
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    private static Command sallyport(String... arguments) {
        return Command.sallyport(folder, arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "demo",
                "check",
                "explain",
                "trace",
                "replay",
                "apply",
                "rollback",
                "history",
                "plugins",
                "plugins list",
                "plugins show",
                "plugins install",
                "plugins lock",
                "plugins upgrade",
                "plugins remove",
                "plugins rollback",
                "plugins doctor",
                "plugins new",
                "plugins check",
                "dev",
                "scripts",
                "scripts test",
                "scripts new",
                "consumers",
                "consumers add",
                "convert",
                "convert openapi",
                "market",
                "market keygen",
                "market sign",
                "market verify",
                "market search",
                "market show",
                "market publish",
                "market mirror",
                "market serve",
                "schema"
            })
    void everyCommandExplainsItself(String command) {
        String[] words = (command + " --help").strip().split(" ");

        assertThat(sallyport(words).succeeds().out())
                .contains("Usage: sallyport")
                .contains("--help");
    }

    @Test
    void wrongUsageEndsWith2() {
        sallyport("nonsense").endsWith(2);
        sallyport("explain", "GET").endsWith(2);
        sallyport("check", "--nonsense").endsWith(2);
        sallyport("consumers").endsWith(2);
    }

    @Test
    void aNewPluginOverwritesNothing() {
        assertThat(sallyport("plugins", "new", "acme/quota", "--dir", "quota")
                        .succeeds()
                        .out())
                .contains("quota: a plugin of type acme/quota", "./mvnw verify", "sallyport dev");
        assertThat(folder.resolve("quota/src/main/java/acme/quota/QuotaFilter.java"))
                .exists();

        assertThat(sallyport("plugins", "new", "acme/other", "--dir", "quota")
                        .endsWith(1)
                        .err())
                .contains("quota is there already");
        assertThat(sallyport("plugins", "new", "quota").endsWith(1).err()).contains("expected: publisher/name");
        assertThat(sallyport("dev", folder.toString()).endsWith(1).err()).contains("no pom.xml in it");
    }

    @Test
    void pluginsCheckJudgesAJarAsAGatewayWould() {
        Path good = PluginJars.step("acme/stamp", "1.0.0", "return next.proceed(request);");
        Path bad = PluginJars.step("acme/stamp", "1.0.0", ">=9.0.0", "return next.proceed(request);");

        assertThat(sallyport("plugins", "check", good.toString()).succeeds().out())
                .contains("acme-stamp-1.0.0.jar is acme-stamp 1.0.0 with filter acme/stamp");
        assertThat(sallyport("plugins", "check", good.toString(), bad.toString())
                        .endsWith(1)
                        .err())
                .contains("requires the plugin API >=9.0.0, and this gateway has");
    }

    @Test
    void checkSaysYesOrNamesEveryMistake() throws IOException {
        assertThat(sallyport("check", "--deep", "gateway.yaml").succeeds().out())
                .contains("valid");
        Files.writeString(
                folder.resolve("bad.yaml"),
                Product.web(CONFIG).replace("respond:", "respon:").replace("upstream: shop", "upstream: shpo"));

        Command checked = sallyport("check", "bad.yaml").endsWith(1);

        assertThat(checked.out()).contains("2 errors");
        assertThat(checked.out()).containsPattern("bad\\.yaml:\\d+:\\d+ routes\\[1].*respon.*respond");
        assertThat(checked.out()).containsPattern("bad\\.yaml:\\d+:\\d+ routes\\[0]\\.upstream: shpo.*shop");
        assertThat(sallyport("check", "--json", "bad.yaml").endsWith(1).out())
                .contains("\"valid\" : false", "\"line\" : ");
        sallyport("check", "not-there.yaml").endsWith(1);
    }

    @Test
    void checkDeepFindsWhatOnlyStepsKnow() throws IOException {
        Files.writeString(
                folder.resolve("deep.yaml"),
                Product.web("routes: [{name: a, plugins: [{javascript: {script: no-such.js}}]}]\n"));

        assertThat(sallyport("check", "--deep", "deep.yaml").endsWith(1).out())
                .containsPattern("deep\\.yaml:5:\\d+ .*no-such\\.js");
    }

    @Test
    void checkDeepNamesThePlaceOfASyntaxErrorInAScript() throws IOException {
        Path scripts = Files.createDirectories(folder.resolve("scripts"));
        Files.writeString(
                scripts.resolve("bad.js"), "export default async (request, next) => {\n  retrun next();\n};\n");
        Files.writeString(
                folder.resolve("script.yaml"),
                Product.web("folders: {scripts: '" + scripts + "'}\n"
                        + "routes: [{name: a, plugins: [{javascript: {script: bad.js}}]}]\n"));

        assertThat(sallyport("check", "--deep", "script.yaml").endsWith(1).out())
                .containsPattern("script\\.yaml:6:\\d+ .*bad\\.js:2:\\d+");
    }

    @Test
    void checkNamesBothPlacesOfAddressesThatCannotBothBeBound() throws IOException {
        Files.writeString(folder.resolve("addresses.yaml"), """
            listeners:
              - {name: a, address: "127.0.0.1:8080"}
              - {name: b, address: "0.0.0.0:8080"}
              - {name: c, address: "[::]:9902"}
            """);

        assertThat(sallyport("check", "addresses.yaml").endsWith(1).out())
                .containsPattern("addresses\\.yaml:3:\\d+ listeners\\[1]\\.address: 0\\.0\\.0\\.0:8080"
                        + " .*the listener at addresses\\.yaml:2:5 has 127\\.0\\.0\\.1:8080")
                .containsPattern("status\\.address: 127\\.0\\.0\\.1:9902"
                        + " .*the listener at addresses\\.yaml:4:5 has \\[::]:9902");
    }

    @Test
    void explainTellsRouteStepsAndTargetsAndNoSecret() {
        Command explained = sallyport(
                "explain", "GET", "http://api.example.com/orders/7", "-H", "x-version: 2", "--config", "gateway.yaml");

        assertThat(explained.succeeds().out())
                .containsSubsequence(
                        "route order",
                        "wins:",
                        "{id} is 7",
                        "not rest: less specific",
                        "access-log",
                        "key-auth",
                        "headers",
                        "${env:NO_SUCH_VARIABLE:-s3cret}",
                        "upstream shop",
                        "round-robin over http://127.0.0.1:9001, http://127.0.0.1:9002 (weight 2)")
                .containsPattern("key-auth +\\{}  \\(gateway\\.yaml:15:\\d+\\)")
                .doesNotContain("passed by");
        assertThat(sallyport("explain", "GET", "http://api.example.com/orders/7", "--config", "gateway.yaml")
                        .out())
                .contains("passed by");
        assertThat(sallyport("explain", "GET", "/orders/7", "--config", "gateway.yaml", "--json")
                        .out())
                .contains("\"route\" : \"rest\"");
        assertThat(sallyport("explain", "GET", "/a/../b", "--config", "gateway.yaml")
                        .endsWith(1)
                        .out())
                .contains("400");
    }

    @Test
    void explainRunsATableOfTests() throws IOException {
        Files.writeString(folder.resolve("table.yaml"), """
            - request: GET http://api.example.com/orders/7
              headers: {x-version: "2"}
              route: order
              steps: [access-log, key-auth, headers]
              target: [http://127.0.0.1:9002, http://127.0.0.1:9001]
            - request: POST http://api.example.com/orders/7
              route: rest
            - request: GET /a/../b
              route: 400
            """);
        Files.writeString(folder.resolve("wrong.yaml"), "- {request: GET /x, route: order}\n");

        assertThat(sallyport("explain", "--config", "gateway.yaml", "--tests", "table.yaml")
                        .succeeds()
                        .out())
                .contains("3 passed, 0 failed");
        assertThat(sallyport("explain", "--config", "gateway.yaml", "--tests", "wrong.yaml")
                        .endsWith(1)
                        .out())
                .contains("route: rest (expected: order)");
    }

    @Test
    void pluginsAreToldByTheGatewayThatRuns() {
        try (Product product = Product.with(Product.web("routes: [{name: a, plugins: [{respond: {body: x}}]}]\n"))
                .start()) {
            String server = product.adminAddress().toString();
            String token = product.home().resolve("data/admin.token").toString();

            assertThat(sallyport("plugins", "list", "--server", server, "--token-file", token)
                            .succeeds()
                            .out())
                    .containsPattern("(?m)^rate-limit +0\\.1\\.0 +serving$");
            assertThat(sallyport("plugins", "show", "respond", "--server", server, "--token-file", token)
                            .succeeds()
                            .out())
                    .contains("id: respond", "sha256: ");
            sallyport("plugins", "show", "nonsense", "--server", server, "--token-file", token)
                    .endsWith(1);
            assertThat(Command.in(
                                    folder,
                                    Map.of(
                                            "JAVA25_HOME",
                                            System.getProperty("java.home"),
                                            "SALLYPORT_SERVER",
                                            server,
                                            "SALLYPORT_TOKEN",
                                            "wrong"),
                                    Product.UNPACKED.resolve("bin/sallyport").toString(),
                                    "plugins",
                                    "list")
                            .endsWith(3)
                            .err())
                    .contains("does not know this token");
            assertThat(product.stop()).isZero();
            sallyport("plugins", "list", "--server", server, "--token-file", token)
                    .endsWith(3);
        }
    }

    private static Path stamp(String version) {
        return PluginJars.step(
                "test/stamp", version, "return next.proceed(request).withHeader(\"x-stamp\", \"" + version + "\");");
    }

    private static final String STAMPED =
            Product.web("routes: [{name: a, plugins: [{test/stamp: {}}, {respond: {body: x}}]}]\n");

    private static String stamped(Product product) {
        return product.client().get("/").headers().firstValue("x-stamp").orElse("none");
    }

    @Test
    void pluginsAreInstalledUpgradedRolledBackAndRemoved() {
        String off = "admin: {address: \"127.0.0.1:0\"";
        try (Product product = Product.with(STAMPED).plugin(stamp("1.0.0")).start()) {
            assertThat(onPlugins(product, "install", stamp("1.1.0").toString())
                            .endsWith(1)
                            .err())
                    .contains("admin.pluginUpload is off");
            product.reconfigure(STAMPED.replace(off, off + ", pluginUpload: any"));

            assertThat(onPlugins(product, "install", "--dry-run", stamp("1.1.0").toString())
                            .succeeds()
                            .out())
                    .contains("it would be done");
            assertThat(stamped(product)).isEqualTo("1.0.0");
            assertThat(onPlugins(product, "install", stamp("1.1.0").toString())
                            .succeeds()
                            .out())
                    .contains("plugin       test-stamp 1.1.0", "provider     test", "permissions  none")
                    .contains("types        test/stamp", " serves", "test-stamp 1.1.0: serving")
                    .containsPattern("sha256       [0-9a-f]{64}");
            assertThat(stamped(product)).isEqualTo("1.1.0");
            assertThat(onPlugins(product, "rollback", "test-stamp").succeeds().out())
                    .contains("test-stamp 1.0.0: serving", "test-stamp 1.1.0: declined");
            assertThat(onPlugins(product, "upgrade", "test-stamp", "--json")
                            .succeeds()
                            .out())
                    .contains("\"changed\" : true");
            onPlugins(product, "install", stamp("2.0.0").toString()).succeeds();
            assertThat(stamped(product)).isEqualTo("1.1.0");
            onPlugins(product, "upgrade", "test-stamp", "--major").succeeds();
            assertThat(stamped(product)).isEqualTo("2.0.0");
            assertThat(onPlugins(product, "remove", "test-stamp").endsWith(1).err())
                    .contains("it is used by", "step test/stamp");
            onPlugins(product, "remove", "test-stamp", "--force").succeeds();
            assertThat(product.client().status("/")).isEqualTo(503);
            onPlugins(product, "rollback", "test-stamp").succeeds();
            assertThat(stamped(product)).isEqualTo("2.0.0");
            assertThat(onPlugins(product, "remove", "nothing").endsWith(1).err())
                    .contains("there is no plugin nothing");
        }
    }

    @Test
    void pluginsAreInstalledFromAUrlButNotByTheirIdAlone() throws IOException {
        Path shelf = Files.createDirectories(folder.resolve("shelf"));
        Files.copy(stamp("1.1.0"), shelf.resolve("stamp.jar"));
        Files.writeString(shelf.resolve("plain.jar"), "no jar");
        String any = STAMPED.replace("admin: {", "admin: {pluginUpload: any, ");
        try (Product product = Product.with(any).plugin(stamp("1.0.0")).start();
                FileServer files = FileServer.jdk(shelf)) {
            onPlugins(product, "install", files.address() + "/stamp.jar").succeeds();

            assertThat(stamped(product)).isEqualTo("1.1.0");
            assertThat(onPlugins(product, "install", files.address() + "/none.jar")
                            .endsWith(1)
                            .err())
                    .contains("answered 404");
            assertThat(onPlugins(product, "install", files.address() + "/plain.jar")
                            .endsWith(1)
                            .err())
                    .contains("cannot be read as a jar");
            assertThat(onPlugins(product, "install", "rate-limit@1.2.0")
                            .endsWith(1)
                            .err())
                    .contains("no marketplace is configured");
            assertThat(onPlugins(product, "install", "gone.jar").endsWith(1).err())
                    .contains("no such file");
        }
    }

    private static Command onPlugins(Product product, String... words) {
        List<String> all = new ArrayList<>(List.of("plugins"));
        all.addAll(List.of(words));
        all.addAll(List.of("--server", product.adminAddress().toString()));
        all.addAll(List.of(
                "--token-file", product.home().resolve("data/admin.token").toString()));
        return sallyport(all.toArray(String[]::new));
    }

    @Test
    void consumersAddMakesAKeyThatTheGatewayTakes() {
        Command added = sallyport("consumers", "add", "bob", "--id", "k1", "--expires", "2999-01-01")
                .succeeds();
        Matcher key = Pattern.compile("(?m)^ {2}(\\S{40,})$").matcher(added.out());
        assertThat(key.find()).isTrue();
        String yaml = added.out().substring(added.out().indexOf("consumers:"));
        assertThat(yaml).contains("id: k1", "expires: \"2999-01-01\"").doesNotContain(key.group(1));

        try (Product product = Product.with(
                        Product.web(yaml + "routes: [{name: a, plugins: [{key-auth: {}}, {respond: {body: x}}]}]\n"))
                .start()) {
            assertThat(product.client().status("/")).isEqualTo(401);
            assertThat(product.client().status("/", "X-Api-Key", key.group(1))).isEqualTo(200);
        }
    }

    @Test
    void scriptsAreMadeAndTested() throws IOException {
        assertThat(sallyport("scripts", "new", "greet-all", "--dir", "js")
                        .succeeds()
                        .out())
                .contains("greet-all.js", "greet-all.test.yaml");
        assertThat(sallyport("scripts", "test", "js").succeeds().out()).contains("1 passed, 0 failed");
        sallyport("scripts", "new", "greet-all", "--dir", "js").endsWith(1);
        Files.writeString(folder.resolve("js/greet-all.js"), "export default (request, next) => next(request);\n");
        assertThat(sallyport("scripts", "test", "js").endsWith(1).out()).contains("FAIL");
    }

    @Test
    void schemaHoldsTheTypesOfPlugins() {
        assertThat(sallyport("schema", "--config", "gateway.yaml").succeeds().out())
                .contains("\"rate-limit\"", "\"key-auth\"", "\"routes\"");
    }

    @Test
    void aConfigurationThatIsNotValidDoesNotStart() throws IOException {
        Files.writeString(folder.resolve("refused.yaml"), Product.web("routes: [{nmae: a}]\n"));

        Command run = sallyport("run", "--config", "refused.yaml").endsWith(1);

        assertThat(run.err())
                .containsPattern("refused\\.yaml:5:\\d+ .*nmae.*name")
                .doesNotContain("Exception");
    }

    @Test
    void theLauncherWorksThroughALinkAndWithSpaces() throws IOException {
        Path copy = folder.resolve("an installation");
        Folders.copy(Product.UNPACKED.resolve("bin"), copy.resolve("bin"));
        Files.createSymbolicLink(copy.resolve("lib"), Product.UNPACKED.resolve("lib"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), copy.resolve("bin/sallyport"));

        assertThat(Command.in(folder, Product.environment(), link.toString(), "--version")
                        .succeeds()
                        .out())
                .contains("sallyport ");
    }

    @Test
    void withoutAJava25TheLauncherSaysWhatToInstall() throws IOException {
        Path none = Files.createDirectories(folder.resolve("empty path"));
        for (String tool : List.of("sed", "dirname", "readlink", "grep", "getconf")) {
            Files.createSymbolicLink(none.resolve(tool), Path.of(Command.installed(tool)));
        }
        Command run = Command.in(
                folder,
                Map.of("PATH", none.toString(), "HOME", none.toString(), "JAVA_HOME", "", "JAVA25_HOME", ""),
                "/bin/sh",
                Product.UNPACKED.resolve("bin/sallyport").toString(),
                "--version");

        assumeThat(run.status())
                .as("a JDK 25 lies in one of the usual folders, so it is found")
                .isNotZero();
        assertThat(run.err())
                .isEqualTo("sallyport: no Java 25 or newer found: install one (https://adoptium.net),"
                        + " or set JAVA_HOME to where it is.\n");
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(
                                Product.web("routes: [{name: all, upstream: \"%s\"}]\n".formatted(echo.address())))
                        .start();
                RawConnection slow = new RawConnection(product.address())) {
            slow.send("GET /slow?wait HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> echo.requests() > 0);

            product.signal("TERM");
            await().until(() -> !Ports.isOpen(product.address().getPort()));
            assertThat(product.process().isAlive()).isTrue();
            await().until(() -> {
                product.process().toHandle().destroy(); // by TERM; one right behind the first would count as the same
                return !product.process().isAlive();
            });

            assertThat(product.awaitExit()).isEqualTo(143);
        }
    }

    @Test
    void terminationLetsRequestsComeToTheirEnd() {
        try (EchoServer echo = new EchoServer();
                Product product = Product.with(
                                Product.web("routes: [{name: all, upstream: \"%s\"}]\n".formatted(echo.address())))
                        .start();
                RawConnection slow = new RawConnection(product.address())) {
            slow.send("GET /slow?wait HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> echo.requests() > 0);

            product.signal("TERM");
            await().until(() -> !Ports.isOpen(product.address().getPort()));
            echo.release();

            assertThat(slow.readTo("0 bytes\n")).startsWith("HTTP/1.1 200");
            assertThat(product.awaitExit()).isZero();
        }
    }
}
