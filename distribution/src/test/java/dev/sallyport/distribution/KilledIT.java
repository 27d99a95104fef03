package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code kill -9} at any moment of a swap, then a start: the gateway comes up on a whole generation, and its data folder has
 * nothing that is torn.
 *
 * <p>Each turn drops a jar under a new name, writes another over the one before, and then moves a configuration in that names
 * the first by its exact version and says its number. So each number belongs together in four places (the configuration, the
 * plugin's version, its code, a class that it bundles), and a mixture shows in any answer.
 */
final class KilledIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ROUTES = List.of("/a", "/b", "/c");

    /** Fixed, so that a failure comes again as nearly as a process lets it. */
    private final Random random = new Random(20_261_125);

    private final List<Path> pinned = new ArrayList<>();
    private final Map<String, Long> moments = new LinkedHashMap<>();

    /** Both are in one jar each: their step tells the number in its code, in a class beside it and in its setting. */
    private static Path jar(String type, int number) {
        return PluginJars.plugin(
                type, "1.0." + number, ">=0.1.0 & <1.0.0", """
                    return (request, next) -> next.proceed(request)
                        .withHeader("x-" + request.exchange().route(), "%d/" + Bundled.NUMBER.get() + "/" + config.text());
                    """.formatted(number), """

                        final class Bundled {
                            static final java.util.concurrent.atomic.AtomicInteger NUMBER =
                                new java.util.concurrent.atomic.AtomicInteger(%d);
                        }
                        """.formatted(number));
    }

    private static String config(int number) {
        StringBuilder routes = new StringBuilder("routes:\n");
        for (String path : ROUTES) {
            routes.append("""
                  - name: %s
                    match: {paths: [%s]}
                    plugins: [{test/pinned: {text: "%d"}, version: 1.0.%d}, {respond: {body: x}}]
                """.formatted(path.substring(1), path, number, number));
        }
        return Product.web(routes + """
              - {name: loose, match: {paths: [/loose]}, plugins: [{test/loose: {}}, {respond: {body: x}}]}
            """);
    }

    @Test
    void theGatewayComesUpOnAWholeGenerationAfterItWasKilledInASwap() {
        killAndStart(5);
    }

    @Test
    @Tag("proof")
    void theGatewayComesUpOnAWholeGenerationAfterFiftyKillsInSwaps() {
        killAndStart(50);
    }

    private void killAndStart(int kills) {
        Product product = Product.with(config(0))
                .plugin(jar("test/pinned", 0))
                .prepare(home -> write(home.resolve("plugins/loose.jar"), bytes(jar("test/loose", 0)), () -> true))
                .start();
        try {
            check(product, 0, 0);
            int number = 0;
            for (int i = 0; i < kills; i++) {
                number = changeUntilKilled(product, number, i);
                int known = newestRecorded(product);
                product = product.again();
                check(product, known, number);
                settle(product, ++number);
            }
            System.out.printf(
                    "%d kills, %d generations: %s%n",
                    kills, newest(product).path("number").asInt(), moments);
        } finally {
            product.close();
        }
    }

    /** Changes things until the process is killed, at a moment that differs from turn to turn; the number begun last. */
    private int changeUntilKilled(Product product, int from, int turn) {
        Path data = product.home().resolve("data");
        long delay = TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500));
        int writes = 1 + random.nextInt(6);
        boolean inAWrite = turn % 2 == 1;
        String[] moment = {"at a random moment"};
        Thread killer = Thread.ofPlatform().start(() -> {
            long start = System.nanoTime();
            if (inAWrite) {
                moment[0] = "while " + awaitWrite(data, writes, start) + " was written";
            } else {
                LockSupport.parkNanos(delay);
            }
            product.kill();
        });
        int number = from;
        while (killer.isAlive()) {
            number++;
            change(product, number, killer::isAlive);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
        }
        moments.merge(moment[0], 1L, Long::sum);
        return number;
    }

    /** Waits until so many files in the making have been seen; the folder of the last one. */
    private static String awaitWrite(Path data, int writes, long start) {
        Map<Path, String> seen = new HashMap<>();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            for (String folder : List.of("", "store", "objects", "generations")) {
                try (Stream<Path> files = Files.list(data.resolve(folder))) {
                    for (Path file : files.toList()) {
                        if (file.toString().endsWith(".part")
                                && seen.put(file, folder) == null
                                && seen.size() >= writes) {
                            return folder.isEmpty() ? "data" : "data/" + folder;
                        }
                    }
                } catch (IOException goneMeanwhile) {
                    continue;
                }
            }
        }
        return "nothing";
    }

    /** One change: each of its three parts is left out, or cut off in the middle, once it is not to go on. */
    private void change(Product product, int number, java.util.function.BooleanSupplier goesOn) {
        Path plugins = product.home().resolve("plugins");
        byte[] loose = bytes(jar("test/loose", number));
        Path jar = jar("test/pinned", number);
        if (!goesOn.getAsBoolean()) {
            return;
        }
        product.drop(jar, "pinned-" + number + ".jar");
        pinned.add(plugins.resolve("pinned-" + number + ".jar"));
        write(plugins.resolve("loose.jar"), loose, goesOn);
        if (goesOn.getAsBoolean()) {
            product.replace("conf/gateway.yaml", config(number));
        }
    }

    /** Block by block over what is there, as a slow copy does. */
    private static void write(Path file, byte[] bytes, java.util.function.BooleanSupplier goesOn) {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int at = 0; at < bytes.length && goesOn.getAsBoolean(); at += 512) {
                out.write(bytes, at, Math.min(512, bytes.length - at));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What serves is one of those, as a whole, and it is what the history says; nothing in the data folder is torn. */
    private static void check(Product product, int oldest, int latest) {
        JsonNode serves;
        Map<String, String> stamps = new HashMap<>();
        do { // until no change comes in between
            serves = newest(product);
            for (String path : List.of("/a", "/b", "/c", "/loose")) {
                stamps.put(path, stamp(product, path));
            }
        } while (newest(product).path("number").asInt() != serves.path("number").asInt());

        int configured = Integer.parseInt(contentOf(product, serves).replaceAll("(?s).*?text: \"(\\d+)\".*", "$1"));
        assertThat(configured).isBetween(oldest, latest);
        for (String path : ROUTES) {
            assertThat(stamps.get(path)).isEqualTo(configured + "/" + configured + "/" + configured);
        }
        assertThat(version(serves, "test-pinned")).isEqualTo("1.0." + configured);
        String loose = version(serves, "test-loose").substring(4);
        assertThat(stamps.get("/loose")).isEqualTo(loose + "/" + loose + "/none");
        assertThat(Integer.parseInt(loose)).isLessThanOrEqualTo(latest);

        assertThat(product.status().get("/readyz").statusCode()).isEqualTo(200);
        Command history = Command.sallyport(
                product.home(),
                Map.of("SALLYPORT_TOKEN", token(product)),
                "history",
                "--server",
                product.adminAddress() + "");
        assertThat(history.succeeds().out()).contains(serves.path("number").asInt() + "  ");
        // What is in the making just now may be there for a moment.
        await().atMost(PATIENCE)
                .untilAsserted(() -> nothingIsTorn(product.home().resolve("data")));
    }

    /** It takes changes as ever. */
    private void settle(Product product, int number) {
        change(product, number, () -> true);
        String wanted = number + "/" + number + "/";
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(stamp(product, "/a") + " " + stamp(product, "/loose"))
                        .isEqualTo(wanted + number + " " + wanted + "none"));
        await().atMost(PATIENCE)
                .until(() -> version(newest(product), "test-loose").equals("1.0." + number)
                        && version(newest(product), "test-pinned").equals("1.0." + number));
        check(product, number, number);
        pinned.subList(0, pinned.size() - 1).forEach(KilledIT::delete);
        pinned.subList(0, pinned.size() - 1).clear();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String token(Product product) {
        return new String(bytes(product.home().resolve("data/admin.token")), java.nio.charset.StandardCharsets.UTF_8)
                .strip();
    }

    /** What the step on that path has stamped. */
    private static String stamp(Product product, String path) {
        HttpResponse<String> answer = product.client().get(path);
        return answer.headers().firstValue("x-" + path.substring(1)).orElse("status " + answer.statusCode());
    }

    /** The newest generation, as the history has it. */
    private static JsonNode newest(Product product) {
        JsonNode newest =
                JSON.readTree(product.admin().get("/v1/generations").body()).get(0);
        assertThat(newest.path("state").asString()).isEqualTo("serving");
        return newest;
    }

    /** What the configuration said when that generation was made. */
    private static String contentOf(Product product, JsonNode generation) {
        Path data = product.home().resolve("data");
        JsonNode record = JSON.readTree(
                bytes(data.resolve("generations/" + generation.path("number").asInt() + ".json")));
        String hash = record.path("files").path("gateway.yaml").asString();
        return new String(bytes(data.resolve("objects").resolve(hash)), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String version(JsonNode generation, String plugin) {
        for (JsonNode used : generation.path("plugins")) {
            if (used.path("id").asString().equals(plugin)) {
                return used.path("version").asString();
            }
        }
        return "none";
    }

    /** The number in the newest record that a killed process has left. */
    private static int newestRecorded(Product product) {
        Path data = product.home().resolve("data");
        try (Stream<Path> files = Files.list(data.resolve("generations"))) {
            int number = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d+\\.json"))
                    .mapToInt(name -> Integer.parseInt(name.replace(".json", "")))
                    .max()
                    .orElseThrow();
            JsonNode record = JSON.readTree(bytes(data.resolve("generations/" + number + ".json")));
            return Integer.parseInt(version(record, "test-pinned").substring(4));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All names that are hashes tell the truth, all JSON can be read, nothing is left in the making, nothing put aside. */
    private static void nothingIsTorn(Path data) {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                assertThat(name).doesNotEndWith(".part").doesNotEndWith(".damaged");
                if (name.matches("[0-9a-f]{64}(\\.jar)?")) {
                    assertThat(sha256(bytes(file))).isEqualTo(name.substring(0, 64));
                } else if (name.endsWith(".json")) {
                    assertThat(JSON.readTree(bytes(file)).isObject()).as(name).isTrue();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new AssertionError("a file went away meanwhile", e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
