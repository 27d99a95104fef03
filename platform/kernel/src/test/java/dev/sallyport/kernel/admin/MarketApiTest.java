package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.market.Publication;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.Signer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Marketplaces by the admin API of a gateway that runs. */
final class MarketApiTest {

    private static final String TRUST = """
        admin: {address: "127.0.0.1:0", pluginUpload: %s}
        trust:
          publishers: [{name: acme, keys: ["%s"], prefixes: [hello]}]
          marketplaces:
            - {name: shop, url: %s, keys: ["%s"]}
        routes: []
        """;

    private final Signer acme = Signer.generate();
    private final Signer shop = Signer.generate();

    @TempDir
    private Path home;

    private Path publish(String version, String... manifest) throws Exception {
        PluginJar jar = PluginJar.stamp("hello", version);
        for (int i = 0; i < manifest.length; i += 2) {
            jar.manifest(manifest[i], manifest[i + 1]);
        }
        Path file = Files.write(home.resolve("hello-" + version + ".jar"), jar.bytes());
        Files.writeString(
                Signatures.of(file),
                acme.sign(Trust.statement("hello.jar", Plugins.inspect(file))).toJson());
        Path site = home.resolve("site");
        new Publication(site, "shop", List.of(shop), Clock.systemUTC())
                .publish(List.of(file), null, Duration.ofDays(1));
        return site;
    }

    private RunningGateway running(String upload, String place) throws Exception {
        return RunningGateway.in(home, TRUST.formatted(upload, acme.publicKey(), place, shop.publicKey()));
    }

    private AdminCaller admin(RunningGateway running) {
        return AdminCaller.of(running.gateway(), home);
    }

    @Test
    void findsNothingUntilItIsAskedThenInstallsWithPermissionsNamed() throws Exception {
        Path site = publish("1.0.0", "Plugin-Permissions", "network, files");
        try (RunningGateway running = running("trusted", site.toString())) {
            AdminCaller admin = admin(running);
            assertThat(admin.get("/v1/market").json().path("plugins")).isEmpty();
            assertThat(admin.get("/v1/market/hello").status()).isEqualTo(404);

            JsonNode asked = admin.post("/v1/market/refresh").json();
            assertThat(asked.path("marketplaces").get(0).path("index").asInt())
                    .as(asked.toString())
                    .isEqualTo(1);
            JsonNode found = admin.get("/v1/market?find=HELL").json();
            assertThat(found.path("plugins").get(0).path("newest").asString("")).isEqualTo("1.0.0");
            assertThat(found.path("plugins").get(0).path("permissions").toString())
                    .isEqualTo("[\"files\",\"network\"]");
            assertThat(admin.get("/v1/market?find=nothing").json().path("found").asInt())
                    .isZero();

            Told dry = admin.post("/v1/market/hello/install?version=1.0.0&dryRun=true");
            assertThat(dry.status()).as(dry.json().toString()).isEqualTo(200);
            assertThat(admin.get("/v1/plugins/hello").status()).isEqualTo(404);
            Told unnamed = admin.post("/v1/market/hello/install?version=1.0.0&permit=network");
            assertThat(unnamed.type()).isEqualTo("permissions-not-permitted");
            assertThat(unnamed.json().path("permissions").toString()).isEqualTo("[\"files\"]");
            Told done = admin.post("/v1/market/hello/install?version=1.0.0&permit=network,files");
            assertThat(done.status()).as(done.json().toString()).isEqualTo(200);
            assertThat(admin.get("/v1/plugins/hello")
                            .json()
                            .get(0)
                            .path("publisher")
                            .asString(""))
                    .isEqualTo("acme");
            assertThat(Files.readString(home.resolve("data/audit.log")))
                    .contains("\"action\":\"installFromMarket\"", "\"action\":\"refreshMarket\"");

            publish("1.1.0");
            admin.post("/v1/market/refresh");
            JsonNode installed =
                    admin.get("/v1/market").json().path("installed").get(0);
            assertThat(installed.path("newer").asString("")).isEqualTo("1.1.0");
            assertThat(admin.get("/v1/market/hello").json().get(0).path("versions"))
                    .hasSize(2);
        }
    }

    @Test
    void takesNothingWhereUploadsAreOffOrTheMarketplaceHasItNot() throws Exception {
        Path site = publish("1.0.0");
        try (RunningGateway running = running("off", site.toString())) {
            Told off = admin(running).post("/v1/market/hello/install?version=1.0.0");
            assertThat(off.type()).isEqualTo("plugin-upload-off");
            running.configure(TRUST.formatted("trusted", acme.publicKey(), site, shop.publicKey()));

            Told absent = admin(running).post("/v1/market/hello/install?version=9.0.0");
            Told unasked = admin(running).post("/v1/market/hello/install");

            assertThat(absent.status()).isEqualTo(422);
            assertThat(absent.detail()).contains("offers no hello 9.0.0 (there are: 1.0.0)");
            assertThat(unasked.status()).isEqualTo(400);
        }
    }

    @Test
    void aMarketplaceThatIsDownOrSilentIsNamedAndKeepsNobodyWaiting() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningGateway running = running("trusted", "http://127.0.0.1:" + silent.getLocalPort() + "/")) {
            JsonNode asked = admin(running).post("/v1/market/refresh").json();

            assertThat(asked.path("marketplaces").get(0).path("trouble").asString(""))
                    .isEqualTo("has not answered within 10 s");
            silent.close();
            JsonNode again = admin(running).post("/v1/market/refresh").json();
            assertThat(again.path("marketplaces").get(0).path("trouble").asString(""))
                    .contains("cannot be fetched");
            assertThat(admin(running)
                            .get("/v1/market")
                            .json()
                            .path("marketplaces")
                            .get(0)
                            .has("trouble"))
                    .isTrue();
        }
    }
}
