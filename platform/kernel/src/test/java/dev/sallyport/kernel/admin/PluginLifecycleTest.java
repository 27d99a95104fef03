package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.Signer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Installing, upgrading, removing and rolling back plugins of a gateway that runs, by the admin API. */
final class PluginLifecycleTest {

    private static final String UPLOAD = """
        admin: {address: "127.0.0.1:0", pluginUpload: any}
        """;
    private static final String ROUTE =
            "routes: [{name: a, match: {paths: [/a]}, plugins: [{acme/hello: {header: x}}]}]\n";
    private static final String NO_ROUTE = "routes: []\n";

    @TempDir
    private Path home;

    private static byte[] hello(String version) {
        return PluginJar.stamp("hello", version).bytes();
    }

    private void drop(String version) throws IOException {
        OwnerOnly.createFolder(home.resolve("plugins"));
        Path part = home.resolve("hello.part");
        PluginJar.stamp("hello", version).build(part);
        Files.move(part, home.resolve("plugins/hello.jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    private RunningGateway start(String yaml) throws Exception {
        return RunningGateway.in(home, UPLOAD + yaml);
    }

    private AdminCaller admin(RunningGateway running) {
        return AdminCaller.of(running.gateway(), home);
    }

    private List<String> stored() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("data/store"))) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static String state(Told told, String version) {
        for (JsonNode each : told.json()) {
            if (each.path("version").asString("").equals(version)) {
                return each.path("state").asString("");
            }
        }
        return "none";
    }

    @Test
    void anInstalledJarServesWhenTheCommandReturnsAndAfterARestart() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            Told told = admin(running).put("/v1/plugins", hello("1.1.0"));

            assertThat(told.status()).isEqualTo(200);
            assertThat(told.json().path("changed").asBoolean()).isTrue();
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            assertThat(told.json().path("generation").asInt())
                    .isEqualTo(running.gateway().generation().number());
            assertThat(running.gateway().history().newestFirst().getFirst().author())
                    .isEqualTo("admin");
            assertThat(home.resolve("data/upload.part")).doesNotExist();

            running.startAgain();

            assertThat(running.version("/a")).isEqualTo("1.1.0");
            assertThat(admin(running).get("/v1/plugins/hello").response().body())
                    .contains("installed by admin");
        }
    }

    @Test
    void aFileThatIsAheadOfItsJarTakesNoRouteAway() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            String ahead = UPLOAD + ROUTE.replace("{header: x}}", "{header: x}, version: 2.0.0}");
            assertThat(running.configure(ahead).applied()).isFalse();

            Told other = admin(running)
                    .put("/v1/plugins", PluginJar.stamp("other", "1.0.0").bytes());

            assertThat(other.status()).isEqualTo(422);
            assertThat(other.response().body()).contains("2.0.0");
            assertThat(running.version("/a")).isEqualTo("1.0.0");

            assertThat(admin(running).put("/v1/plugins", hello("2.0.0")).status())
                    .isEqualTo(200);

            assertThat(running.version("/a")).isEqualTo("2.0.0");
        }
    }

    @Test
    void needsNoPluginsFolderThatCanBeWritten() throws Exception {
        Path plugins = OwnerOnly.createFolder(home.resolve("plugins"));
        Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (RunningGateway running = start(NO_ROUTE)) {
            assertThat(admin(running).put("/v1/plugins", hello("1.0.0")).status())
                    .isEqualTo(200);

            assertThat(running.configure(UPLOAD + ROUTE).applied()).isTrue();

            assertThat(running.version("/a")).isEqualTo("1.0.0");
        } finally {
            Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void installingTheSameBytesAgainIsDoneAgain() throws Exception {
        try (RunningGateway running = start(NO_ROUTE)) {
            admin(running).put("/v1/plugins", hello("1.0.0"));

            assertThat(admin(running).put("/v1/plugins", hello("1.0.0")).status())
                    .isEqualTo(200);
            assertThat(stored()).hasSize(1);
        }
    }

    @Test
    void anOlderInstalledOneGivesWayToANewerOfItsMajor() throws Exception {
        try (RunningGateway running = start(NO_ROUTE)) {
            admin(running).put("/v1/plugins", hello("1.0.0"));
            running.configure(UPLOAD + ROUTE);
            admin(running).put("/v1/plugins", hello("2.0.0"));

            admin(running).put("/v1/plugins", hello("1.1.0"));

            assertThat(running.version("/a")).isEqualTo("1.1.0");
            assertThat(running.gateway().catalogue().present())
                    .extracting(Object::toString)
                    .containsExactly("hello 2.0.0", "hello 1.1.0");
        }
    }

    @Test
    void isOffUntilTheConfigurationSaysOtherwise() throws Exception {
        try (RunningGateway running = RunningGateway.in(home, "admin: {address: \"127.0.0.1:0\"}\n" + NO_ROUTE)) {
            Told told = admin(running).put("/v1/plugins", hello("1.0.0"));

            assertThat(told.status()).isEqualTo(403);
            assertThat(told.type()).isEqualTo("plugin-upload-off");
            assertThat(told.detail()).contains("admin.pluginUpload");
            assertThat(stored()).isEmpty();
        }
    }

    @Test
    void trustedMeansListedByItsHash() throws Exception {
        String trusted = "admin: {address: \"127.0.0.1:0\", pluginUpload: trusted}\ntrust: {hashes: [%s]}\n";
        try (RunningGateway running = RunningGateway.in(home, trusted.formatted("") + NO_ROUTE)) {
            Told told = admin(running).put("/v1/plugins", hello("1.0.0"));

            assertThat(told.status()).isEqualTo(403);
            assertThat(told.type()).isEqualTo("plugin-not-trusted");
            assertThat(stored()).isEmpty();
            String hash = told.detail().replaceAll(".*(sha256:[0-9a-f]{64}).*", "$1");
            running.configure(trusted.formatted("\"" + hash + "\"") + NO_ROUTE);

            assertThat(admin(running).put("/v1/plugins", hello("1.0.0")).status())
                    .isEqualTo(200);
            assertThat(admin(running).put("/v1/plugins", hello("1.0.1")).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void trustedMeansAlsoSignedByAPublisherWhomTheConfigurationTrusts() throws Exception {
        Signer acme = Signer.generate();
        String trusted = """
            admin: {address: "127.0.0.1:0", pluginUpload: trusted}
            trust:
              unsigned: refused
              publishers: [{name: acme, keys: ["%s"], prefixes: [hello]}]
            """.formatted(acme.publicKey());
        try (RunningGateway running = RunningGateway.in(home, trusted + NO_ROUTE)) {
            byte[] jar = hello("1.0.0");
            String signature = signature(acme, jar);

            Told unsigned = admin(running).put("/v1/plugins", jar);
            Told wrong = admin(running).put("/v1/plugins", hello("1.0.1"), "plugin-signature", signature);
            Told strangers =
                    admin(running).put("/v1/plugins", jar, "plugin-signature", signature(Signer.generate(), jar));
            Told malformed = admin(running).put("/v1/plugins", jar, "plugin-signature", "%%%");
            Told signed = admin(running).put("/v1/plugins", jar, "plugin-signature", signature);

            assertThat(List.of(unsigned, wrong, strangers)).allMatch(told -> told.status() == 403);
            assertThat(unsigned.detail()).contains("is not signed");
            assertThat(malformed.status()).isEqualTo(400);
            assertThat(signed.status()).isEqualTo(200);
            running.configure(trusted + ROUTE);
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(admin(running).get("/v1/plugins/hello").response().body())
                    .contains("\"publisher\":\"acme\"");
        }
    }

    private String signature(Signer signer, byte[] jar) throws Exception {
        Path file = Files.write(home.resolve("hello.jar"), jar);
        String envelope =
                signer.sign(Trust.statement("hello.jar", Plugins.inspect(file))).toJson();
        return Base64.getEncoder().encodeToString(envelope.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesWhatIsNoPluginAndSaysWhy() throws Exception {
        try (RunningGateway running = start(NO_ROUTE)) {
            Told noZip = admin(running).put("/v1/plugins", "hello".getBytes(StandardCharsets.UTF_8));
            Told noPlugin = admin(running)
                    .put("/v1/plugins", PluginJar.empty().file("a", "b").bytes());
            Told newerApi = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.stamp("hello", "1.0.0")
                                    .manifest("Plugin-Requires", ">=9.0.0")
                                    .bytes());

            assertThat(List.of(noZip, noPlugin, newerApi)).allMatch(told -> told.status() == 422);
            assertThat(noZip.detail()).contains("is no readable zip file");
            assertThat(noPlugin.detail()).contains("no Plugin-Id in its manifest");
            assertThat(newerApi.detail()).contains("requires the plugin API >=9.0.0");
            assertThat(stored()).isEmpty();
            assertThat(admin(running).get("/v1/audit").response().body()).contains("no Plugin-Id in its manifest");
        }
    }

    @Test
    void refusesWhatIsTooLargeOrOfAnotherType() throws Exception {
        try (RunningGateway running = start(NO_ROUTE)) {
            byte[] large = new byte[(int) PluginResources.MOST_BYTES + 1];

            Told chunked = admin(running)
                    .send(
                            "PUT",
                            "/v1/plugins",
                            HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
                            "content-type",
                            "application/java-archive");
            Told text = admin(running)
                    .send("PUT", "/v1/plugins", HttpRequest.BodyPublishers.ofString("x"), "content-type", "text/plain");

            assertThat(chunked.status()).isEqualTo(413);
            assertThat(text.status()).isEqualTo(415);
            assertThat(text.detail()).contains("application/java-archive");
            assertThat(home.resolve("data/upload.part")).doesNotExist();
        }
    }

    @Test
    void whatDoesNotLinkBindStartOrPassItsOwnTestIsRefusedAndTheOldServesOn() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            Told unlinked = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.of("other", "1.0.0")
                                    .extension("filter", "acme/other", "x.Other")
                                    .source(
                                            "x.Base",
                                            "package x; public abstract class Base<C extends Record>"
                                                    + " implements dev.sallyport.api.FilterFactory<C> {}")
                                    .source("x.Other", """
                                        package x;
                                        import dev.sallyport.api.*;
                                        @Type("acme/other")
                                        public final class Other extends Base<Other.Config> {
                                            public record Config() {}
                                            @Override public Filter create(Config c, FilterContext f) { return null; }
                                        }
                                        """)
                                    .without("x/Base.class")
                                    .bytes());
            Told unbound = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.of("hello", "1.1.0")
                                    .filter("acme/hello", "x.Stamp", """
                                        if (config.header() != null) { throw new ConfigException("header", "not any more"); }
                                        return null;\
                                        """)
                                    .bytes());
            Told unmade = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.of("hello", "1.1.1")
                                    .filter("acme/hello", "x.Stamp", "throw new IllegalStateException(\"no luck\");")
                                    .bytes());
            Told untested = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.of("hello", "1.1.2")
                                    .filter("acme/hello", "x.Stamp", """
                                        return new Filter() {
                                            @Override public Response handle(Request r, Next n) { return Response.of(200); }
                                            @Override public void selfTest() { throw new IllegalStateException("no provider"); }
                                        };\
                                        """)
                                    .bytes());

            assertThat(List.of(unlinked, unbound, unmade, untested)).allMatch(told -> told.status() == 422);
            assertThat(unlinked.detail()).contains("NoClassDefFoundError", "x/Base");
            assertThat(unbound.detail()).contains("header", "not any more");
            assertThat(unmade.detail()).contains("no luck");
            assertThat(untested.detail()).contains("self-test", "no provider");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().catalogue().present())
                    .extracting(Object::toString)
                    .containsExactly("hello 1.0.0");
            assertThat(stored()).hasSize(1);
            assertThat(admin(running).get("/v1/plugins/hello").response().body())
                    .contains("\"state\":\"refused\"", "no provider");
            assertThat(running.gateway().degraded()).anyMatch(line -> line.contains("no provider"));
            assertThat(admin(running).get("/v1/audit").response().body()).contains("no provider", "no luck");
        }
    }

    @Test
    void refusesOtherBytesOfAVersionThatIsThere() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            Told told = admin(running)
                    .put(
                            "/v1/plugins",
                            PluginJar.stamp("hello", "1.0.0")
                                    .file("more", "bytes")
                                    .bytes());

            assertThat(told.status()).isEqualTo(409);
            assertThat(told.detail()).contains("with other bytes than hello.jar has");
        }
    }

    @Test
    void aDryRunGoesAllTheWayAndLeavesNothing() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            int generation = running.gateway().generation().number();
            String before = Files.readString(home.resolve("data/plugins.json"));

            Told good = admin(running).put("/v1/plugins?dryRun=true", hello("1.1.0"));
            Told bad = admin(running)
                    .put(
                            "/v1/plugins?dryRun=true",
                            PluginJar.of("hello", "1.2.0")
                                    .filter("acme/hello", "x.Stamp", "throw new IllegalStateException(\"no luck\");")
                                    .bytes());

            assertThat(good.status()).isEqualTo(200);
            assertThat(good.json().path("changed").asBoolean()).isFalse();
            assertThat(good.json().path("created").asInt()).isEqualTo(1);
            assertThat(bad.status()).isEqualTo(422);
            assertThat(bad.detail()).contains("no luck");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(running.gateway().generation().number()).isEqualTo(generation);
            assertThat(running.gateway().degraded()).isEmpty();
            assertThat(stored()).hasSize(1);
            assertThat(home.resolve("data/plugins.json")).hasContent(before);
            assertThat(admin(running).get("/v1/audit").response().body()).contains("\"dryRun\":true");
        }
    }

    @Test
    void aParameterThatIsMisspeltIsNoRealRun() throws Exception {
        try (RunningGateway running = start(NO_ROUTE)) {
            Told told = admin(running).put("/v1/plugins?dryrun=true", hello("1.0.0"));

            assertThat(told.status()).isEqualTo(400);
            assertThat(told.detail()).contains("dryrun is no parameter", "dryRun");
            assertThat(stored()).isEmpty();
        }
    }

    @Test
    void upgradeTakesAnotherMajorOnlyWhenAsked() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            admin(running).put("/v1/plugins", hello("2.0.0"));
            assertThat(running.version("/a")).isEqualTo("1.0.0");

            Told without = admin(running).post("/v1/plugins/hello/upgrade");
            assertThat(without.json().path("changed").asBoolean()).isFalse();
            Told with = admin(running).post("/v1/plugins/hello/upgrade?major=true");

            assertThat(with.json().path("changed").asBoolean()).isTrue();
            assertThat(running.version("/a")).isEqualTo("2.0.0");
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("2.0.0");
        }
    }

    @Test
    void rollbackGoesBackStepByStepAndUpgradeReturns() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            admin(running).put("/v1/plugins", hello("1.1.0"));
            admin(running).put("/v1/plugins", hello("1.2.0"));

            assertThat(admin(running).post("/v1/plugins/hello/rollback").status())
                    .isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            assertThat(state(admin(running).get("/v1/plugins/hello"), "1.2.0")).isEqualTo("declined");
            assertThat(running.gateway().degraded()).isEmpty();
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            admin(running).post("/v1/plugins/hello/rollback");
            assertThat(running.version("/a")).isEqualTo("1.0.0");
            Told none = admin(running).post("/v1/plugins/hello/rollback");
            assertThat(none.status()).isEqualTo(409);
            assertThat(none.type()).isEqualTo("no-earlier-version");

            admin(running).post("/v1/plugins/hello/upgrade");

            assertThat(running.version("/a")).isEqualTo("1.2.0");
        }
    }

    @Test
    void rollbackAcrossMajorsAndOverAReplacedFile() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            drop("1.1.0");
            RunningGateway.await(() -> running.version("/a").equals("1.1.0"));
            admin(running).put("/v1/plugins", hello("2.0.0"));
            admin(running).post("/v1/plugins/hello/upgrade?major=true");
            assertThat(running.version("/a")).isEqualTo("2.0.0");

            admin(running).post("/v1/plugins/hello/rollback");
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            admin(running).post("/v1/plugins/hello/rollback");

            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(state(admin(running).get("/v1/plugins/hello"), "1.1.0")).isEqualTo("declined");
        }
    }

    @Test
    void removingWhatIsUsedNamesItsUsersUntilItIsForced() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            Told refused = admin(running).delete("/v1/plugins/hello");

            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.type()).isEqualTo("plugin-in-use");
            assertThat(refused.json().path("users").get(0).asString("")).contains("a", "step acme/hello");
            assertThat(running.version("/a")).isEqualTo("1.0.0");

            Told forced = admin(running).delete("/v1/plugins/hello?force=true");

            assertThat(forced.status()).isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("503");
            running.startAgain();
            assertThat(running.version("/a")).isEqualTo("503");
            assertThat(admin(running).post("/v1/plugins/hello/rollback").status())
                    .isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("1.0.0");
        }
    }

    @Test
    void removingOneVersionLetsTheOtherServe() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            admin(running).put("/v1/plugins", hello("1.1.0"));

            assertThat(admin(running).delete("/v1/plugins/hello?version=1.1.0").status())
                    .isEqualTo(200);

            assertThat(running.version("/a")).isEqualTo("1.0.0");
            assertThat(admin(running).delete("/v1/plugins/hello?version=1.1.0").status())
                    .isEqualTo(404);
            assertThat(admin(running).delete("/v1/plugins/nothing").status()).isEqualTo(404);
            assertThat(admin(running).put("/v1/plugins", hello("1.1.0")).status())
                    .isEqualTo(200);
            assertThat(running.version("/a")).isEqualTo("1.1.0");
        }
    }

    @Test
    void ifMatchGuardsAgainstWhatChangedMeanwhile() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            String seen = admin(running)
                    .get("/v1/plugins")
                    .response()
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            admin(running).put("/v1/plugins", hello("1.1.0"));

            Told stale = admin(running).post("/v1/plugins/hello/rollback", "if-match", seen);

            assertThat(stale.status()).isEqualTo(412);
            assertThat(running.version("/a")).isEqualTo("1.1.0");
            String now = admin(running)
                    .get("/v1/plugins")
                    .response()
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            assertThat(admin(running)
                            .post("/v1/plugins/hello/rollback", "if-match", now)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aRollbackOfTheConfigurationHoldsAgainstCommands() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(NO_ROUTE)) {
            running.configure(UPLOAD + ROUTE);
            running.gateway().rollback(1, "ann", "");

            Told told = admin(running).put("/v1/plugins", hello("1.1.0"));

            assertThat(told.status()).isEqualTo(409);
            assertThat(told.type()).isEqualTo("rollback-holds");
            running.gateway().apply(new Change("ann", "apply", ""));
            assertThat(admin(running).put("/v1/plugins", hello("1.1.0")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void whatAnotherFileSaysMeanwhileIsKept() throws Exception {
        drop("1.0.0");
        try (RunningGateway running = start(ROUTE)) {
            admin(running).put("/v1/plugins", hello("1.1.0"));
            admin(running).post("/v1/plugins/hello/rollback");

            drop("1.3.0");

            RunningGateway.await(() -> running.version("/a").equals("1.3.0"));
        }
    }
}
