package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.testkit.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every plugin must keep when it is replaced while the gateway runs, as a test class to inherit. It swaps the built jar
 * for copies of other versions, lets each serve, and expects that nothing is left of the old ones: the garbage collector
 * has taken their class loaders, their threads have ended, and there was nothing for the doctor to take back.
 *
 * {@snippet :
 * final class StampLeakIT extends PluginLeakTest {
 *     @Override
 *     protected String config(TestUpstream upstream) {
 *         return "routes: [{name: all, plugins: [{stamp: {}}], upstream: \"" + upstream.address() + "\"}]";
 *     }
 *
 *     @Override
 *     protected void serve(TestGateway gateway, TestUpstream upstream) {
 *         assertThat(gateway.get("/").statusCode()).isEqualTo(200);
 *     }
 * }
 * }
 */
public abstract class PluginLeakTest {

    private static final boolean PROOF = Boolean.getBoolean("sallyport.proof");

    /** After how many swaps what a gateway has is to be what it needs: more than a cache of a few last ones would hide. */
    private static final int FIRST = 10;

    /** How often the jar is swapped. */
    private static final int SWAPS = PROOF ? 500 : FIRST;

    /** How often each version serves. */
    private static final int TURNS = PROOF ? 50 : 1;

    /** For classes that inherit the test. */
    protected PluginLeakTest() {}

    /** The jar to swap. */
    protected Path jar() {
        return TestGateway.builtJar();
    }

    /** A gateway with that jar, and whatever else it needs. */
    protected TestGateway.Builder gateway(Path jar) {
        return TestGateway.with(jar);
    }

    /** A configuration that uses the plugin, so that all that it can start is started. */
    protected abstract String config(TestUpstream upstream);

    /** Sends at least one request that makes the plugin do its real work; called first for each version. */
    protected abstract void serve(TestGateway gateway, TestUpstream upstream) throws Exception;

    /** The same for a version that has served; where its state makes that another thing. */
    protected void serveAgain(TestGateway gateway, TestUpstream upstream) throws Exception {
        serve(gateway, upstream);
    }

    /** Takes away what the plugin needs of others: the upstream, and what else it may depend on. */
    protected void breakWhatItNeeds(TestUpstream upstream) {
        upstream.close();
    }

    /** Sends a request that needs it; any answer will do. */
    protected void serveWithoutIt(TestGateway gateway) throws Exception {
        gateway.get("/");
    }

    /** How long to wait for the collector and for threads; the kit's own tests wait for what never comes. */
    Duration patience() {
        return Duration.ofSeconds(20);
    }

    /** Class loaders of replaced versions are collected, and with the gateway all threads end. */
    @Test
    final void leavesNothingBehindWhenItIsReplaced(@TempDir Path folder) throws Exception {
        swapAgainAndAgain(folder, upstream -> {}, (gateway, upstream) -> {
            upstream.forget();
            serve(gateway, upstream);
            for (int turn = 1; turn < TURNS; turn++) {
                serveAgain(gateway, upstream);
            }
        });
    }

    /** The same where what it needs is not there. */
    @Test
    final void leavesNothingBehindWhenItIsReplacedWhileWhatItNeedsIsDown(@TempDir Path folder) throws Exception {
        swapAgainAndAgain(folder, this::breakWhatItNeeds, (gateway, upstream) -> serveWithoutIt(gateway));
    }

    /** Work with a version that serves. */
    @FunctionalInterface
    private interface Work {
        void with(TestGateway gateway, TestUpstream upstream) throws Exception;
    }

    private void swapAgainAndAgain(Path folder, Consumer<TestUpstream> before, Work work) throws Exception {
        Path jar = jar();
        String id = PluginJar.id(jar);
        Path drop = folder.resolve(jar.getFileName());
        Map<Long, String> threads = Threads.alive();
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(jar).start(config(upstream))) {
            before.accept(upstream);
            work.with(gateway, upstream);
            Footprint first = null;
            for (int swap = 1; swap <= SWAPS; swap++) {
                gateway.drop(PluginJar.later(jar, swap, drop));
                work.with(gateway, upstream);
                gateway.metrics(); // runs what the plugin registered
                if (swap == FIRST || swap % 100 == 0) {
                    assertAllAreGone(gateway, id, swap);
                    Footprint now = Footprint.now();
                    first = first == null ? now : first;
                    now.assertFlatSince(first, id + ", " + swap + " swaps");
                }
            }
        }

        assertThat(Threads.aliveSince(threads, patience())).as("threads left").isEmpty();
    }

    private void assertAllAreGone(TestGateway gateway, String id, int swaps) throws InterruptedException, IOException {
        long start = System.nanoTime();
        LoaderReport report = gateway.loaders();
        while (!isClean(report, id, swaps)
                && System.nanoTime() - start < patience().toNanos()) {
            System.gc();
            Thread.sleep(50);
            report = gateway.loaders();
        }
        LoaderReport.Plugin plugin = of(report, id);
        assertThat(plugin.live()).as("class loaders in use").hasSize(1);
        assertThat(plugin.retired()).as("class loaders closed").isEqualTo(swaps);
        assertThat(plugin.findings().stream().map(noted -> noted.finding().toString()))
                .as("what replaced versions left behind, though the gateway may have taken it back")
                .isEmpty();
        if (!plugin.unreclaimed().isEmpty()) {
            throw new AssertionError("class loaders of replaced versions that something still refers to: "
                    + plugin.unreclaimed() + "\n" + gateway.heapPaths());
        }
    }

    private static boolean isClean(LoaderReport report, String id, int swaps) {
        LoaderReport.Plugin plugin = of(report, id);
        return plugin.retired() == swaps && plugin.unreclaimed().isEmpty();
    }

    private static LoaderReport.Plugin of(LoaderReport report, String id) {
        return report.plugins().stream()
                .filter(plugin -> plugin.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no plugin " + id + " in " + report));
    }
}
