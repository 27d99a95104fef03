package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder as a gateway has it: watched, with files that come, change and go. */
class PluginsTest {

    /** Long, for machines that do much else; nothing waits for it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Path inbox() {
        return temp.resolve("plugins");
    }

    private PluginSettings settings() {
        return PluginSettings.of(inbox(), temp.resolve("data")).withWritable(true);
    }

    private static String version(Plugins plugins, String type) {
        var found = plugins.catalogue().find("filter", type, null);
        return found == null ? "none" : found.version();
    }

    @Test
    void tellsOfEachChangeOnOneThread() throws Exception {
        Set<Thread> threads = new HashSet<>();
        ConcurrentLinkedQueue<Catalogue> told = new ConcurrentLinkedQueue<>();
        try (Plugins plugins = Plugins.open(settings())) {
            plugins.onChange(catalogue -> {
                threads.add(Thread.currentThread());
                told.add(catalogue);
            });

            PluginJar.stamp("stamp", "1.0.0").build(inbox().resolve("stamp.jar"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).hasSize(1));
            PluginJar.stamp("stamp", "1.1.0").build(inbox().resolve("stamp.jar"));
            await().atMost(PATIENCE).until(() -> version(plugins, "acme/stamp").equals("1.1.0"));
            Files.delete(inbox().resolve("stamp.jar"));
            await().atMost(PATIENCE).until(() -> version(plugins, "acme/stamp").equals("none"));
        }

        assertThat(threads).hasSize(1);
        assertThat(told).extracting(Catalogue::toString).containsExactly("[stamp 1.0.0]", "[stamp 1.1.0]", "[]");
    }

    @Test
    void goesOnAfterAListenerFailed() throws Exception {
        try (Plugins plugins = Plugins.open(settings())) {
            plugins.onChange(catalogue -> {
                throw new IllegalStateException("no generation today");
            });
            PluginJar.stamp("stamp", "1.0.0").build(inbox().resolve("stamp.jar"));
            await().atMost(PATIENCE).until(() -> version(plugins, "acme/stamp").equals("1.0.0"));

            PluginJar.stamp("stamp", "1.1.0").build(inbox().resolve("stamp.jar"));

            await().atMost(PATIENCE).until(() -> version(plugins, "acme/stamp").equals("1.1.0"));
        }
    }

    @Test
    void overwritingAJarInPlaceNeverDisturbsWhatIsLoaded() throws Exception {
        OwnerOnly.createFolder(inbox());
        Path file = PluginJar.stamp("stamp", "1.0.0").build(inbox().resolve("stamp.jar"));
        byte[] next = PluginJar.stamp("stamp", "1.1.0").bytes();
        try (Plugins plugins = Plugins.open(settings())) {
            plugins.onChange(catalogue -> {});
            LoadedArtefact loaded = plugins.acquire(plugins.catalogue().artefact("filter", "acme/stamp", null));

            try (OutputStream out = Files.newOutputStream(file)) {
                for (byte each : next) {
                    out.write(each);
                    // Whole or half: the old one serves, its classes load.
                    assertThat(version(plugins, "acme/stamp")).isEqualTo("1.0.0");
                }
            }
            assertThat(loaded.factory("acme/stamp")).isNotNull();

            await().atMost(PATIENCE).until(() -> version(plugins, "acme/stamp").equals("1.1.0"));
            assertThat(plugins.catalogue().refused()).isEmpty();
        }
    }

    @Test
    void takesFiftyJarsThatAreDroppedAtOnce() throws Exception {
        List<byte[]> jars = IntStream.range(0, 50)
                .mapToObj(i -> PluginJar.of("p" + i, "1.0.0")
                        .filter("acme/p" + i, "x.P", "return null;")
                        .bytes())
                .toList();
        try (Plugins plugins = Plugins.open(settings());
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            plugins.onChange(catalogue -> {});

            List<Future<Path>> drops = IntStream.range(0, 50)
                    .mapToObj(i -> writers.submit(() -> i % 2 == 0 ? slowly(jars.get(i), i) : atOnce(jars.get(i), i)))
                    .toList();
            for (Future<Path> drop : drops) {
                drop.get();
            }

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(plugins.catalogue().present()).hasSize(50));
            assertThat(plugins.catalogue().refused()).isEmpty();
            assertThat(plugins.catalogue().names("filter")).hasSize(50);
            try (Stream<Path> stored = Files.list(temp.resolve("data/store"))) {
                assertThat(stored).hasSize(50).allMatch(each -> each.toString().endsWith(".jar"));
            }
        }
    }

    private Path slowly(byte[] jar, int number) throws Exception {
        Path file = inbox().resolve(number + ".jar");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int from = 0; from < jar.length; from += 100) {
                out.write(jar, from, Math.min(100, jar.length - from));
                out.flush();
                Thread.yield();
            }
        }
        return file;
    }

    private Path atOnce(byte[] jar, int number) throws Exception {
        Path part = Files.write(inbox().resolve(number + ".jar.part"), jar);
        return Files.move(part, inbox().resolve(number + ".jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void tidiesTheStoreAtStartButKeepsWhatIsKnown() throws Exception {
        OwnerOnly.createFolder(inbox());
        String named;
        PluginJar.stamp("stamp", "1.0.0").build(inbox().resolve("stamp.jar"));
        try (Plugins plugins = Plugins.open(settings())) {
            named = plugins.catalogue().present().getFirst().sha256();
        }
        PluginJar.stamp("stamp", "1.1.0").build(inbox().resolve("stamp.jar"));
        String dropped;
        try (Plugins plugins = Plugins.open(settings().withKeep(Set.of(named)))) {
            dropped = plugins.catalogue().present().getFirst().sha256();
            assertThat(stored()).containsExactlyInAnyOrder(named, dropped);
        }
        Files.write(temp.resolve("data/store/.left.part"), new byte[10]);

        try (Plugins looking = Plugins.open(settings().withOwner(false))) {
            assertThat(looking.catalogue().present()).hasSize(1);
            assertThat(stored()).hasSize(3);
        }
        try (Plugins plugins = Plugins.open(settings())) {
            assertThat(plugins.catalogue().present()).hasSize(1);
            assertThat(stored()).containsExactly(dropped);
        }
    }

    private List<String> stored() throws Exception {
        try (Stream<Path> files = Files.list(temp.resolve("data/store"))) {
            return files.map(each -> each.getFileName().toString().replace(".jar", ""))
                    .toList();
        }
    }

    @Test
    void namesTheApiVersionThatTheBuildHas() throws Exception {
        var pom = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());

        assertThat(Plugins.API_VERSION)
                .isEqualTo(pom.getElementsByTagName("version").item(0).getTextContent());
    }
}
