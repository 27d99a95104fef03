package dev.sallyport.kernel.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sallyport.kernel.admin.AdminCaller.Told;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.deploy.RunningGateway;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.market.Publication;
import dev.sallyport.kernel.plugin.PluginJar;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.plugin.Signatures;
import dev.sallyport.kernel.plugin.Trust;
import dev.sallyport.marketplace.Signer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Marketplaces by the admin API of a gateway that runs. */
@SuppressWarnings("try") // what is closed early, and what only has to be open
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

    @TempDir
    private Path elsewhere;

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
            assertThat(dry.json().path("signature").asString("")).isEqualTo("good");
            assertThat(dry.json().path("publisher").asString("")).isEqualTo("acme");
            Told tried = admin.get("/v1/plugins/hello");
            assertThat(tried.status()).as(tried.json().toString()).isEqualTo(404);
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
                    admin.get("/v1/market?audit=true").json().path("installed").get(0);
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

    private String market(String name, String place) {
        return "{name: %s, url: %s, keys: [\"%s\"]}".formatted(name, place, shop.publicKey());
    }

    private String trust(String... markets) {
        return """
            admin: {address: "127.0.0.1:0", pluginUpload: any}
            trust:
              publishers: [{name: acme, keys: ["%s"], prefixes: [hello]}]
              marketplaces: [%s]
            routes: []
            """.formatted(acme.publicKey(), String.join(", ", markets));
    }

    @Test
    void oneThatIsDownOrUnreadableIsNamedAndHidesNothingOfTheOthers() throws Exception {
        String place = publish("1.0.0").toString();
        int free;
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String config = trust(market("down", "http://127.0.0.1:" + free + "/"), market("shop", place));
        try (RunningGateway running = RunningGateway.in(home, config)) {
            AdminCaller admin = admin(running);
            JsonNode asked = admin.post("/v1/market/refresh").json().path("marketplaces");
            assertThat(asked.get(0).path("trouble").asString("")).contains("cannot be fetched");
            assertThat(asked.get(1).path("index").asInt()).as(asked.toString()).isEqualTo(1);
            Path kept = home.resolve("data/marketplaces/down.index.json");
            Files.createSymbolicLink(kept, kept);

            JsonNode shown = admin.get("/v1/market").json();

            assertThat(shown.path("marketplaces").get(0).path("trouble").asString(""))
                    .contains("cannot be read");
            assertThat(shown.path("plugins").get(0).path("id").asString("")).isEqualTo("hello");
            assertThat(admin.get("/v1/market/hello").json()).hasSize(1);
        }
    }

    @Test
    void oneThatIsSilentKeepsNobodyWaitingWhoLooks() throws Exception {
        String place = publish("1.0.0").toString();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningGateway running = RunningGateway.in(
                        home,
                        trust(
                                market("shop", place),
                                market("silent", "http://127.0.0.1:" + silent.getLocalPort() + "/")))) {
            MarketBoard board = board(running, Duration.ofMinutes(5));
            CompletableFuture<JsonNode> refresh = CompletableFuture.supplyAsync(() -> refreshed(board));
            try (Socket asked = silent.accept()) {
                RunningGateway.await(
                        () -> board.shown("hello", null, null).path("found").asInt() == 1);
                assertThatThrownBy(board::refresh).isInstanceOf(RefusedCallException.class);
                assertThat(refresh).isNotDone();
                silent.close();
            }

            assertThat(refresh.get(1, TimeUnit.MINUTES)
                            .path("marketplaces")
                            .get(1)
                            .has("trouble"))
                    .isTrue();
        }
    }

    @Test
    void whoDoesNotAnswerInTimeIsNamed() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningGateway running = running("trusted", "http://127.0.0.1:" + silent.getLocalPort() + "/")) {
            JsonNode asked = refreshed(board(running, Duration.ofSeconds(1)));

            assertThat(asked.path("marketplaces").get(0).path("trouble").asString(""))
                    .isEqualTo("has not answered within 1 s");
        }
    }

    private MarketBoard board(RunningGateway running, Duration patience) {
        TrustConfig trust = running.gateway().generation().config().config().trust();
        return new MarketBoard(
                () -> Marketplaces.open(Marketplaces.Setting.of(trust, home, home.resolve("data"), Map.of())),
                JsonMapper.shared()::createArrayNode,
                text -> text,
                patience);
    }

    private static JsonNode refreshed(MarketBoard board) {
        try {
            return board.refresh();
        } catch (RefusedCallException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAReferenceGaveIsShownAsTheReference() throws Exception {
        Path secret = Files.writeString(elsewhere.resolve("place"), home.resolve("of-a-secret-name") + "\n");
        try (RunningGateway running = RunningGateway.in(home, trust(market("shop", "\"${file:" + secret + "}\"")))) {
            AdminCaller admin = admin(running);

            String asked = admin.post("/v1/market/refresh").response().body();
            String shown = admin.get("/v1/market").response().body();
            String install = admin.post("/v1/market/hello/install?version=1.0.0")
                    .response()
                    .body();

            assertThat(shown).contains("${file:", "trouble");
            assertThat(install).contains("market-refused");
            assertThat(asked + shown + install).doesNotContain("of-a-secret-name");
        }
    }

    @Test
    void aJarThatIsSlowToComeKeepsNobodyFromUploadingAnother() throws Exception {
        Path site = publish("1.0.0");
        CountDownLatch wanted = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(command -> Thread.ofVirtual().start(command));
        server.createContext("/", exchange -> {
            Path file = site.resolve(exchange.getRequestURI().getPath().substring(1));
            try (exchange) {
                if (file.toString().endsWith(".jar")) {
                    wanted.countDown();
                    given.await();
                }
                byte[] bytes = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        server.start();
        String place = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        try (RunningGateway running = RunningGateway.in(home, trust(market("shop", place)))) {
            AdminCaller admin = admin(running);
            CompletableFuture<Told> install =
                    CompletableFuture.supplyAsync(() -> admin.post("/v1/market/hello/install?version=1.0.0"));
            assertThat(wanted.await(1, TimeUnit.MINUTES)).isTrue();

            Told upload =
                    admin.put("/v1/plugins", PluginJar.stamp("other", "1.0.0").bytes());
            Told second = admin.post("/v1/market/hello/install?version=1.0.0");

            assertThat(upload.status()).as(upload.json().toString()).isEqualTo(200);
            assertThat(second.status()).as(second.json().toString()).isEqualTo(503);
            assertThat(second.detail()).contains("another fetch of a plugin is under way");
            given.countDown();
            Told installed = install.get(1, TimeUnit.MINUTES);
            assertThat(installed.status()).as(installed.json().toString()).isEqualTo(200);
        } finally {
            given.countDown();
            server.stop(0);
        }
    }

    @Test
    void whatComesAfterItWasGivenUpIsNeitherLeftNorRemembered() throws Exception {
        Path site = publish("1.0.0");
        try (RunningGateway running = running("trusted", site.toString())) {
            TrustConfig trust = running.gateway().generation().config().config().trust();
            Marketplaces.Setting setting = Marketplaces.Setting.of(trust, home, home.resolve("data"), Map.of());
            try (MarketFetch fetch = new MarketFetch(Marketplaces.open(setting))) {
                // Whoever waits gives up when it is chosen already.
                assertThatThrownBy(() -> fetch.run("hello", "1.0.0", null, choice -> fetch.close(), true))
                        .hasMessageContaining("nobody waits for it any more");
            }

            try (Marketplaces markets = Marketplaces.open(setting);
                    Stream<Path> left = Files.walk(home.resolve("data/marketplaces"))) {
                assertThat(markets.origin("hello")).isNull();
                assertThat(left.map(Path::toString)).noneMatch(each -> each.endsWith(".jar"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"read", "operate"})
    void onlyAdministratorsLookAtMarketplacesOrInstallFromThem(String role) throws Exception {
        String token = "token-of-the-test";
        String config = trust(market("shop", publish("1.0.0").toString()))
                .replace(
                        "pluginUpload: any",
                        "pluginUpload: any, tokens: [{name: one, role: %s, hash: \"sha256:%s\"}]"
                                .formatted(role, HexFormat.of().formatHex(AdminTokens.hash(token))));
        try (RunningGateway running = RunningGateway.in(home, config)) {
            AdminCaller one = admin(running).as(token);

            assertThat(List.of(
                            one.get("/v1/market"),
                            one.get("/v1/market/hello"),
                            one.post("/v1/market/refresh"),
                            one.post("/v1/market/hello/install?version=1.0.0")))
                    .allSatisfy(told -> assertThat(told.detail())
                            .isEqualTo("the token one has the role " + role + " (expected: admin)"))
                    .extracting(Told::status)
                    .containsOnly(403);
            assertThat(admin(running).get("/v1/plugins/hello").status()).isEqualTo(404);
        }
    }
}
