package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.api.FilterFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakWatchTest {

    /** Long, for machines that do much else; nothing waits for it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private final FakeClock clock = new FakeClock();

    private Plugins open(PluginJar jar) throws Exception {
        jar.build(Files.createDirectories(temp.resolve("plugins")).resolve("stamp.jar"));
        return Plugins.open(PluginSettings.of(temp.resolve("plugins"), temp.resolve("data"))
                .withWritable(true)
                .withClock(clock));
    }

    /** Loads, uses and unloads it once; everything of the plugin was in this frame only. */
    private static void cycle(Plugins plugins) throws Exception {
        Artefact artefact = plugins.catalogue().artefact("filter", "acme/stamp", null);
        LoadedArtefact loaded = plugins.acquire(artefact);
        try {
            FilterFactory<?> factory = loaded.factory("acme/stamp");
            loaded.configRecord("acme/stamp");
            loaded.call("creating", () -> factory.create(null, null)).close();
        } finally {
            plugins.release(loaded);
        }
    }

    private static int unreclaimed(Plugins plugins) {
        System.gc();
        return plugins.report().plugins().getFirst().unreclaimed().size();
    }

    @Test
    void provesThatUnloadedPluginsAreGone() throws Exception {
        try (Plugins plugins = open(PluginJar.stamp("stamp", "1.0.0"))) {
            for (int i = 0; i < 20; i++) {
                cycle(plugins);
            }

            await().atMost(PATIENCE).until(() -> unreclaimed(plugins) == 0);

            assertThat(plugins.report().plugins())
                    .containsExactly(new LoaderReport.Plugin("stamp", List.of(), 20, List.of(), List.of(), Map.of()));
            assertThat(plugins.report().metaspace().getLast().retired()).isEqualTo(20);
        }
    }

    @Test
    void collectsALoaderWhoseFactoryFailed() throws Exception {
        PluginJar jar = PluginJar.of("stamp", "1.0.0")
                .filter(
                        "acme/stamp",
                        "x.Stamp",
                        "throw new Boom();",
                        "public static class Boom extends RuntimeException {}");
        try (Plugins plugins = open(jar)) {
            Exception kept = null;
            try {
                cycle(plugins);
            } catch (PluginException e) {
                kept = e;
            }

            await().atMost(PATIENCE).until(() -> unreclaimed(plugins) == 0);

            assertThat(kept).hasMessageContaining("Boom");
        }
    }

    @Test
    void countsVersionsThatServeSideBySide() throws Exception {
        PluginJar.stamp("stamp", "2.0.0")
                .build(Files.createDirectories(temp.resolve("plugins")).resolve("two.jar"));
        try (Plugins plugins = open(PluginJar.stamp("stamp", "1.0.0"))) {
            plugins.acquire(plugins.catalogue().artefact("filter", "acme/stamp", "^1"));
            LoadedArtefact two = plugins.acquire(plugins.catalogue().artefact("filter", "acme/stamp", "^2"));
            assertThat(plugins.report().plugins().getFirst().live())
                    .extracting(LoaderReport.Live::version)
                    .containsExactlyInAnyOrder("1.0.0", "2.0.0");

            plugins.release(two);

            assertThat(plugins.report().plugins().getFirst().live())
                    .extracting(LoaderReport.Live::version)
                    .containsExactly("1.0.0");
            assertThat(plugins.report().plugins().getFirst().retired()).isEqualTo(1);
        }
    }
}
