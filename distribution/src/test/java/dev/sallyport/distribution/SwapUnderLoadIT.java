package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A jar is replaced again and again under load: no request fails, no connection is closed, no answer comes from a version
 * that was reported to be replaced; what is broken is refused by name, and what serves serves on.
 */
final class SwapUnderLoadIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String API = ">=0.1.0 & <1.0.0";
    private static final List<String> STAMPS = List.of("A/A", "B/B");
    private static final Pattern NUMBER = Pattern.compile("\"number\": ?(\\d+)");

    /** A and B differ in the step's code and in a class that they bundle. */
    private static final Map<String, Path> VALID = Map.of("A/A", stamp("A", "1.0.0"), "B/B", stamp("B", "1.0.1"));

    private EchoServer echo;
    private Product product;

    @BeforeEach
    void start() {
        echo = new EchoServer();
        product = Product.with(Product.web("""
            upstreams:
              echo: {targets: ["%s"], maxConnections: 1000}
            routes:
              - {name: all, plugins: [{test/stamp: {}}], upstream: echo}
            """.formatted(echo.address())))
                .heap("256m")
                .prepare(home -> copy(VALID.get("A/A"), home.resolve("plugins/stamp.jar")))
                .start();
    }

    @AfterEach
    void stop() {
        product.close();
        echo.close();
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path stamp(String letter, String version) {
        return PluginJars.plugin("test/stamp", version, API, """
            return (request, next) ->
                next.proceed(request).withHeader("x-stamp", "%s/" + Bundled.letter());
            """.formatted(letter), """

                final class Bundled {
                    static String letter() {
                        return "%s";
                    }
                }
                """.formatted(letter));
    }

    /**
     * A jar that would serve, being newer than all others, if it were not broken.
     *
     * @param said what the refusal says
     */
    private record Broken(Path jar, String said) {}

    private static List<Broken> broken(String version) {
        Path good = stamp("C", version);
        Path folder = Folders.temporary("broken");
        try {
            byte[] bytes = Files.readAllBytes(good);
            Path half = Files.write(folder.resolve("half.jar"), Arrays.copyOf(bytes, bytes.length / 2));
            Path incomplete = Files.copy(good, folder.resolve("incomplete.jar"));
            try (FileSystem zip = FileSystems.newFileSystem(incomplete)) {
                Files.delete(zip.getPath("sample/Factory$Config.class"));
            }
            Path strange = PluginJars.jar(
                    folder.resolve("strange.jar"),
                    Files.createDirectories(folder.resolve("none")),
                    Map.of("Title", "strange " + version));
            String failing = "throw new IllegalStateException(\"cannot work today\");";
            return List.of(
                    new Broken(half, "is no readable zip file"),
                    new Broken(strange, "is not a Sallyport plugin"),
                    new Broken(incomplete, "Factory$Config"),
                    new Broken(PluginJars.plugin("test/stamp", version, API, failing, ""), "cannot work today"),
                    new Broken(PluginJars.step("test/stamp", version, ">=9.0.0", "return null;"), ">=9.0.0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two of three are moved in; the third is written over what is there, block by block. */
    private void drop(String stamp, int turn) {
        Path target = product.home().resolve("plugins/stamp.jar");
        try {
            byte[] bytes = Files.readAllBytes(VALID.get(stamp));
            if (turn % 3 != 0) {
                Path part = Files.write(product.home().resolve("stamp.part"), bytes);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return;
            }
            try (OutputStream out = Files.newOutputStream(target)) {
                for (int at = 0; at < bytes.length; at += 512) {
                    out.write(bytes, at, Math.min(512, bytes.length - at));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5)); // a slow copy, as over a network
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The generation that serves. */
    private int generation() {
        Matcher number = NUMBER.matcher(product.admin().get("/v1/generations").body());
        assertThat(number.find()).isTrue();
        return Integer.parseInt(number.group(1));
    }

    @Test
    void nobodyNoticesThatAPluginIsReplaced() {
        try (StampedClients clients = new StampedClients(product.address(), "/", 8, STAMPS)) {
            clients.now("A/A");
            int first = generation();

            for (int i = 1; i <= 15; i++) {
                String stamp = i % 2 == 0 ? "A/A" : "B/B";
                int next = first + i;
                clients.changing();
                drop(stamp, i);
                await().atMost(PATIENCE).until(() -> generation() == next);
                clients.now(stamp);
                long seen = clients.judged();
                await().atMost(PATIENCE).until(() -> clients.judged() > seen + 50 || isFaulty(clients));
            }

            assertThat(clients.faults()).isEmpty();
            assertThat(generation()).isEqualTo(first + 15);
        }
    }

    private static boolean isFaulty(StampedClients clients) {
        return !clients.faults().isEmpty();
    }

    @Test
    void whatIsBrokenIsRefusedByNameWhileTheRestServesOn() {
        try (StampedClients clients = new StampedClients(product.address(), "/", 4, STAMPS)) {
            clients.now("A/A");

            for (Broken one : broken("1.0.100")) {
                String name = one.jar().getFileName().toString();
                product.drop(one.jar());

                await().atMost(PATIENCE)
                        .until(() -> product.admin().get("/v1/plugins").body().contains(one.said()));
                assertThat(product.output().toString()).contains(one.said());
                product.remove(name);
            }

            assertThat(clients.judged()).isPositive();
            assertThat(clients.faults()).isEmpty();
        }
    }

    /** With a drop every fifth of a second whatever happens, a tenth broken besides, and the load of strangers' clients. */
    @Test
    @Tag("proof")
    void aMinuteOfSwapsUnderFullLoad() {
        long[] calm = run(Duration.ofSeconds(30), false);
        long[] swapping = run(Duration.ofSeconds(60), true);
        System.out.printf(
                "without swaps: %d answers to the judging clients, p50 %d us, p99 %d us%n", calm[0], calm[1], calm[2]);
        System.out.printf(
                "with swaps: %d answers, p50 %d us, p99 %d us; %d valid drops, %d generations, %d broken drops%n",
                swapping[0], swapping[1], swapping[2], swapping[3], swapping[4], swapping[5]);
        assertThat(swapping[4]).as("generations").isEqualTo(swapping[3]);
    }

    private long[] run(Duration length, boolean swapping) {
        int first = generation();
        int valid = 0;
        List<Broken> bad = new ArrayList<>();
        for (int i = 0; swapping && i < 6; i++) {
            bad.addAll(broken("1.0." + (100 + i)));
        }
        int dropped = 0;
        try (StrangersLoad strangers = new StrangersLoad(product.address(), length);
                StampedClients clients = new StampedClients(product.address(), "/", 8, STAMPS)) {
            clients.now("A/A");
            long start = System.nanoTime();
            for (long turn = 1; turn <= length.toMillis() / 200; turn++) {
                LockSupport.parkNanos(start + TimeUnit.MILLISECONDS.toNanos(200) * turn - System.nanoTime());
                if (!swapping) {
                    continue;
                }
                String stamp = turn % 2 == 0 ? "A/A" : "B/B";
                clients.changing();
                drop(stamp, (int) turn);
                valid++;
                if (turn % 10 == 0 && dropped < bad.size()) {
                    copy(bad.get(dropped).jar(), product.home().resolve("plugins/broken.jar"));
                    dropped++;
                }
                int next = first + valid;
                long limit = start + TimeUnit.MILLISECONDS.toNanos(200) * (turn + 1);
                while (System.nanoTime() < limit - TimeUnit.MILLISECONDS.toNanos(20)) {
                    if (generation() >= next) {
                        clients.now(stamp);
                        break;
                    }
                }
            }
            strangers.await();
            assertThat(strangers.failures()).isEmpty();
            assertThat(clients.faults()).isEmpty();
            assertThat(clients.judged()).isPositive();
            System.out.println(strangers.report());
            return new long[] {
                clients.answers(),
                clients.percentile(0.5),
                clients.percentile(0.99),
                valid,
                generation() - first,
                dropped
            };
        }
    }
}
