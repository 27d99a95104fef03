package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All plugins that ship, published to a marketplace, and gateways that have theirs from there. */
final class MarketplaceIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String STAMPED = """
        routes:
          - {name: stamped, match: {paths: [/stamped]}, plugins: [{acme/stamp: {}}, {respond: {body: x}}]}
        """;
    private static final String NOTHING = "routes: []\n";

    /** Where the build leaves it, for people to try. */
    private static final Path SITE = Path.of("target", "marketplace").toAbsolutePath();

    private static Path folder;
    private static String trust;

    @BeforeAll
    static void publishAll() throws IOException {
        folder = Folders.temporary("marketplace");
        if (Files.isDirectory(SITE)) {
            Folders.delete(SITE);
        }
        String house = keygen("house").replace("house-", "*");
        String shop = keygen("shop");
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Folders.copy(Product.UNPACKED.resolve("plugins"), jars);
        sign("house", list(jars));
        publish("shop", SITE, list(jars));
        trust = "trust:\n  unsigned: refused\n  publishers:\n" + house
                + "  marketplaces:\n    - name: shop\n      url: PLACE\n"
                + shop.lines().filter(line -> line.contains("keys:")).collect(Collectors.joining()) + "\n";
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    private static Command sallyport(String... arguments) {
        return Command.sallyport(folder, arguments);
    }

    private static String keygen(String name) {
        String printed = sallyport("market", "keygen", name).succeeds().out();
        return printed.substring(printed.indexOf("    - name:"));
    }

    private static void sign(String key, List<Path> jars) {
        run(List.of("market", "sign", "--key", key + ".key"), jars);
    }

    private static void publish(String key, Path site, List<Path> jars) {
        run(List.of("market", "publish", site.toString(), "--name", "shop", "--key", key + ".key"), jars);
    }

    private static void run(List<String> line, List<Path> jars) {
        List<String> arguments = new ArrayList<>(line);
        jars.stream().map(Path::toString).forEach(arguments::add);
        sallyport(arguments.toArray(String[]::new)).succeeds();
    }

    private static List<Path> list(Path jars) {
        try (Stream<Path> all = Files.list(jars)) {
            return all.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(String place, String rest) {
        return Product.web("").replace("admin: {", "admin: {pluginUpload: trusted, ")
                + trust.replace("PLACE", place)
                + rest;
    }

    /** A gateway that has no plugin of its own. */
    private static Product.Setup bare(String place, String rest) {
        return Product.with(config(place, rest)).prepare(home -> {
            Folders.delete(home.resolve("plugins"));
            home.resolve("plugins").toFile().mkdir();
        });
    }

    /** A command of that gateway's installation, which has its own memory of marketplaces. */
    private static Command on(Product product, String... arguments) {
        return Command.in(folder, Product.environment(), line(product, arguments));
    }

    private static String[] line(Product product, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(product.home().resolve("bin/sallyport").toString());
        line.addAll(List.of(arguments));
        line.addAll(
                List.of("--config", product.home().resolve("conf/gateway.yaml").toString()));
        if (!arguments[0].equals("market")) {
            line.addAll(List.of("--server", product.adminAddress().toString()));
        }
        return line.toArray(String[]::new);
    }

    private static Path stamp(String version) {
        Path jar = PluginJars.step(
                "acme/stamp",
                version,
                "return next.proceed(request).withHeader(\"x-stamp\", \"%s\");".formatted(version));
        sign("house", List.of(jar));
        return jar;
    }

    private static String stamped(Product product) {
        return product.client().get("/stamped").headers().firstValue("x-stamp").orElse("none");
    }

    private static Set<String> store(Product product) {
        try (Stream<Path> all = Files.list(product.home().resolve("data/store"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .map(name -> name.substring(0, 64))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> hashes(Path lock) throws IOException {
        return JSON.readTree(Files.readString(lock))
                .path("plugins")
                .valueStream()
                .map(each -> each.path("sha256").asString(""))
                .collect(Collectors.toSet());
    }

    /** A site of its own, where respond is, and what a test publishes. */
    private static Path site(String name, Path... jars) {
        Path site = folder.resolve(name);
        List<Path> all = new ArrayList<>(List.of(jars));
        all.addAll(list(folder.resolve("jars")).stream()
                .filter(jar -> jar.getFileName().toString().contains("respond"))
                .toList());
        publish("shop", site, all);
        return site;
    }

    @Test
    void aLockFileGivesAnotherGatewayTheSameBytesOfAllPluginsThatShip() throws IOException {
        Path lock = folder.resolve("all.lock");
        try (Product original = Product.with(config(SITE.toString(), NOTHING).replace("refused", "allowed"))
                .start()) {
            on(original, "plugins", "lock", lock.toString()).succeeds();
        }
        assertThat(hashes(lock)).hasSameSizeAs(list(folder.resolve("jars")));
        Product copy;
        try (FileServer server = FileServer.jdk(SITE)) {
            copy = bare(server.address() + "/", NOTHING).start();
            assertThat(on(copy, "plugins", "lock", "--check", lock.toString())
                            .endsWith(1)
                            .out())
                    .contains("missing: rate-limit 0.1.0 sha256:");

            Command installed =
                    on(copy, "plugins", "install", "--locked", lock.toString()).succeeds();

            assertThat(installed.out()).contains(hashes(lock).size() + " installed, 0 there already");
            assertThat(store(copy)).isEqualTo(hashes(lock));
            assertThat(on(copy, "plugins", "lock", "--check", lock.toString())
                            .succeeds()
                            .out())
                    .contains("the gateway has exactly what");
        }
        // A marketplace that is down is nothing to a gateway.
        copy.stop();
        try (Product again = copy.again()) {
            assertThat(JSON.readTree(again.admin().get("/v1/plugins").body()))
                    .hasSize(hashes(lock).size())
                    .allMatch(plugin -> plugin.path("publisher").asString("").equals("house"));
            assertThat(on(again, "plugins", "install", "rate-limit").endsWith(1).err())
                    .contains("index.json cannot be fetched");
            assertThat(on(again, "plugins", "list").succeeds().out())
                    .containsPattern("rate-limit +0\\.1\\.0 +serving +signed by house");
        }
    }

    @Test
    void aMarketplaceIsSearchedShownMirroredAndServed() throws IOException {
        try (Product product = bare(SITE.toString(), NOTHING).start()) {
            JsonNode found = JSON.readTree(
                    on(product, "market", "search", "--json").succeeds().out());
            assertThat(found).hasSameSizeAs(list(folder.resolve("jars")));
            assertThat(on(product, "market", "search", "limits requests")
                            .succeeds()
                            .out())
                    .containsPattern("rate-limit +0\\.1\\.0 +shop");
            assertThat(on(product, "market", "show", "rate-limit").succeeds().out())
                    .contains("licence      Apache-2.0", "permissions  none", "types        rate-limit");
            on(product, "market", "search", "no such plugin").endsWith(1);
            on(product, "market", "show", "no-such-plugin").endsWith(1);

            Path mirror = folder.resolve("mirror");
            on(product, "market", "mirror", "shop", mirror.toString(), "respond")
                    .succeeds();
            Process served = new ProcessBuilder(
                            product.home().resolve("bin/sallyport").toString(),
                            "market",
                            "serve",
                            mirror.toString(),
                            "--address",
                            "127.0.0.1:0")
                    .redirectErrorStream(true)
                    .start();
            try {
                String url = Output.of(served).await("marketplace at ").replaceAll(".*(http.*)", "$1");
                assertThat(on(product, "plugins", "install", "respond", "--mirror", url)
                                .succeeds()
                                .out())
                        .contains("from         shop", "respond 0.1.0: serving");
                assertThat(on(product, "plugins", "install", "mask", "--mirror", url)
                                .endsWith(1)
                                .err())
                        .contains("a mirror may hold a part of the plugins alone");
            } finally {
                served.descendants().forEach(ProcessHandle::destroy);
                served.destroy();
            }
        }
    }

    @Test
    void anUpgradeIsLiveAndADowngradeOrMorePowerIsRefused() {
        Path site = site("upgrades", stamp("1.0.0"));
        try (Product product = bare(site.toString(), NOTHING).start()) {
            on(product, "plugins", "install", "respond").succeeds();
            on(product, "plugins", "install", "--dry-run", "acme-stamp").succeeds();
            assertThat(on(product, "plugins", "list").out()).doesNotContain("acme-stamp");
            on(product, "plugins", "install", "acme-stamp").succeeds();
            product.reconfigure(config(site.toString(), STAMPED));
            assertThat(stamped(product)).isEqualTo("1.0.0");

            publish("shop", site, List.of(stamp("1.1.0"), stamp("2.0.0")));
            assertThat(on(product, "plugins", "list", "--refresh").succeeds().out())
                    .containsPattern("acme-stamp +1\\.0\\.0 .*outdated: 2\\.0\\.0 is there");
            on(product, "plugins", "upgrade", "acme-stamp").succeeds();
            assertThat(stamped(product)).isEqualTo("1.1.0");
            on(product, "plugins", "upgrade", "--major", "acme-stamp").succeeds();
            assertThat(stamped(product)).isEqualTo("2.0.0");

            // Whoever holds the marketplace's key hides what is newest.
            Folders.delete(site);
            site("upgrades", stamp("1.0.0"));
            for (int i = 0; i < 3; i++) {
                publish("shop", site, List.of());
            }
            Set<String> before = store(product);
            assertThat(on(product, "plugins", "install", "acme-stamp")
                            .endsWith(1)
                            .err())
                    .contains("that would be a downgrade", "say acme-stamp@1.0.0");
            assertThat(on(product, "plugins", "upgrade", "acme-stamp")
                            .succeeds()
                            .out())
                    .contains("there is nothing to do");
            assertThat(stamped(product)).isEqualTo("2.0.0");
            assertThat(store(product)).isEqualTo(before);
        }
    }

    /** What was refused leaves nothing behind, in the gateway or beside it. */
    @Test
    void whatIsRefusedIsNotHalfInstalled() throws IOException {
        Path jar = stamp("1.0.0");
        Path site = site("attacked", jar);
        try (Product product = bare(site.toString(), NOTHING).start()) {
            Path published = site.resolve("acme-stamp/acme-stamp-1.0.0.jar");
            byte[] altered = Files.readAllBytes(published);
            altered[100]++;
            Files.write(published, altered);

            assertThat(on(product, "plugins", "install", "acme-stamp")
                            .endsWith(1)
                            .err())
                    .contains("is not what the index lists");

            assertThat(product.home().resolve("data/marketplaces/downloads")).isEmptyDirectory();
            assertThat(store(product)).isEmpty();
            assertThat(on(product, "plugins", "list").out()).isEmpty();
        }
    }

    @Test
    void aDownloadThatWasKilledGoesOnWhereItWas() throws Exception {
        Path jar = stamp("1.0.0");
        Path site = site("slow", jar);
        byte[] bytes = Files.readAllBytes(site.resolve("acme-stamp/acme-stamp-1.0.0.jar"));
        int half = bytes.length / 2;
        CountDownLatch halfSent = new CountDownLatch(1);
        List<String> ranges = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring(1);
            try (exchange) {
                byte[] whole = Files.readAllBytes(site.resolve(path));
                String range = exchange.getRequestHeaders().getFirst("Range");
                if (!path.endsWith(".jar")) {
                    exchange.sendResponseHeaders(200, whole.length);
                    exchange.getResponseBody().write(whole);
                } else if (range == null) {
                    exchange.sendResponseHeaders(200, whole.length);
                    exchange.getResponseBody().write(whole, 0, half);
                    exchange.getResponseBody().flush();
                    halfSent.countDown();
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(20));
                } else {
                    ranges.add(range);
                    int from = Integer.parseInt(range.replaceAll("\\D", ""));
                    exchange.getResponseHeaders()
                            .set("Content-Range", "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length);
                    byte[] rest = Arrays.copyOfRange(whole, from, whole.length);
                    exchange.sendResponseHeaders(206, rest.length);
                    exchange.getResponseBody().write(rest);
                }
            }
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        try (Product product = bare(url, NOTHING).start()) {
            ProcessBuilder builder = new ProcessBuilder(line(product, "plugins", "install", "acme-stamp"));
            builder.environment().putAll(Product.environment());
            Process killed = builder.start();
            assertThat(halfSent.await(60, TimeUnit.SECONDS)).isTrue();
            Path downloads = product.home().resolve("data/marketplaces/downloads");
            await().until(() -> size(downloads) == half);
            killed.descendants().forEach(ProcessHandle::destroyForcibly);
            killed.destroyForcibly().waitFor();

            assertThat(on(product, "plugins", "install", "acme-stamp")
                            .succeeds()
                            .out())
                    .contains("acme-stamp 1.0.0: serving");
            assertThat(ranges).containsExactly("bytes=" + half + "-");
        } finally {
            server.stop(0);
        }
    }

    private static long size(Path downloads) throws IOException {
        try (Stream<Path> all = Files.list(downloads)) {
            return all.filter(file -> file.toString().endsWith(".part"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aGatewayThatIsKilledWhileItInstallsHasTheOldOrTheNewWhole() {
        kill(3);
    }

    @Test
    @Tag("proof")
    void aGatewayThatIsKilledFiftyTimesWhileItInstallsHasTheOldOrTheNewWhole() {
        kill(50);
    }

    private static void kill(int times) {
        Random random = new Random(20_261_127);
        Path first = stamp("1.0.0");
        Product product = bare(SITE.toString(), STAMPED)
                .plugin(first)
                .plugin(first.resolveSibling(first.getFileName() + ".dsse.json"))
                .prepare(home -> respond(home.resolve("plugins")))
                .start();
        try {
            String before = "1.0.0";
            for (int i = 1; i <= times; i++) {
                String version = "1." + i + ".0";
                Path jar = stamp(version);
                Product running = product;
                CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() -> install(running, jar));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(600)));
                product.kill();
                boolean acknowledged = told.join();
                product = product.again();

                assertThat(stamped(product)).isIn(acknowledged ? List.of(version) : List.of(before, version));
                assertThat(JSON.readTree(product.admin().get("/v1/plugins").body()))
                        .noneMatch(plugin -> plugin.path("state").asString("").equals("refused"));
                before = stamped(product);
            }
            // None of them may have come far enough: so one does.
            Path last = stamp("1." + (times + 1) + ".0");
            assertThat(install(product, last)).isTrue();
            assertThat(stamped(product)).isEqualTo("1." + (times + 1) + ".0");
        } finally {
            product.close();
        }
    }

    private static void respond(Path plugins) {
        try (Stream<Path> all = Files.list(folder.resolve("jars"))) {
            for (Path each : (Iterable<Path>)
                    all.filter(file -> file.getFileName().toString().contains("-respond-"))::iterator) {
                Files.copy(each, plugins.resolve(each.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the gateway has said that it is done. */
    private static boolean install(Product product, Path jar) {
        try {
            byte[] envelope = Files.readAllBytes(jar.resolveSibling(jar.getFileName() + ".dsse.json"));
            HttpResponse<String> answer = product.admin()
                    .with("Content-Type", "application/java-archive")
                    .with("Plugin-Signature", Base64.getEncoder().encodeToString(envelope))
                    .send("PUT", "/v1/plugins", BodyPublishers.ofFile(jar));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return true;
        } catch (IOException | RuntimeException killed) {
            return false;
        }
    }

    @Test
    void newPermissionsAreGivenOnlyToWhomAsks() {
        Path site = site("permissions", stamp("1.0.0"));
        try (Product product = bare(site.toString(), NOTHING).start()) {
            on(product, "plugins", "install", "acme-stamp").succeeds();
            Path classes = PluginJars.step("acme/stamp", "1.1.0", "return next.proceed(request);");
            Path more = PluginJars.jar(
                    folder.resolve("more.jar"),
                    classes.resolveSibling("classes"),
                    Map.of(
                            "Plugin-Id",
                            "acme-stamp",
                            "Plugin-Version",
                            "1.1.0",
                            "Plugin-Provider",
                            "acme",
                            "Plugin-Permissions",
                            "exit"));
            sign("house", List.of(more));
            publish("shop", site, List.of(more));

            assertThat(on(product, "plugins", "upgrade", "acme-stamp")
                            .endsWith(1)
                            .err())
                    .contains("acme-stamp 1.1.0 asks for permissions that 1.0.0 does not have: exit", "--permit");
            on(product, "plugins", "upgrade", "acme-stamp", "--permit").succeeds();
        }
    }
}
