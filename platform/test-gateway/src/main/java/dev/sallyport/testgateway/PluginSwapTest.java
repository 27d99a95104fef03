package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No client notices that a plugin is replaced, as a test class to inherit. Clients ask without end, each on one connection
 * that it never renews, while the built jar is swapped for copies of later versions; expected is that each request is
 * answered as it was before, and no connection is closed.
 *
 * {@snippet :
 * final class StampSwapIT extends PluginSwapTest {
 *     @Override
 *     protected String config(TestUpstream upstream) {
 *         return "routes: [{name: all, plugins: [{stamp: {}}], upstream: \"" + upstream.address() + "\"}]";
 *     }
 * }
 * }
 */
public abstract class PluginSwapTest {

    private static final int SWAPS = Boolean.getBoolean("sallyport.proof") ? 500 : 10;
    private static final int CLIENTS = 4;

    /** How many requests of each client a version answers before the next comes. */
    private static final int EACH = 10;

    /** Less than that of {@link TestGateway#await}, so that it is said which connection hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For classes that inherit the test. */
    protected PluginSwapTest() {}

    /** The jar to swap. */
    protected Path jar() {
        return TestGateway.builtJar();
    }

    /** A gateway with that jar, and whatever else it needs. */
    protected TestGateway.Builder gateway(Path jar) {
        return TestGateway.with(jar);
    }

    /** A configuration that uses the plugin. */
    protected abstract String config(TestUpstream upstream);

    /** What the clients ask for, by GET: path and query. */
    protected String target() {
        return "/";
    }

    /** What they send beside it, such as a key. */
    protected Map<String, String> headers() {
        return Map.of();
    }

    /** The status of each answer. */
    protected int status() {
        return 200;
    }

    /** Every request is answered, on the connections that there were before the first swap. */
    @Test
    final void nobodyNoticesThatItIsReplaced(@TempDir Path folder) {
        Path jar = jar();
        Path drop = folder.resolve(jar.getFileName());
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = gateway(jar).start(config(upstream));
                KeptClients clients =
                        new KeptClients(gateway.address(), target(), headers(), CLIENTS, PATIENCE, this::judge)) {
            serve(gateway, clients);
            for (int swap = 1; swap <= SWAPS; swap++) {
                gateway.drop(PluginJar.later(jar, swap, drop));
                upstream.forget();
                serve(gateway, clients);
            }

            clients.stop(); // what is under way then is to be answered too
            System.out.println(PluginJar.id(jar) + ", " + SWAPS + " swaps: "
                    + LongStream.of(clients.answers()).sum() + " answers");
            assertThat(clients.faults()).as("what clients noticed").isEmpty();
        }
    }

    private Function<KeptClients.Answer, @Nullable String> judge(int client) {
        return answer -> answer.is(status()) ? null : "answered " + answer.line() + " (expected: " + status() + ")";
    }

    private static void serve(TestGateway gateway, KeptClients clients) {
        long[] before = clients.answers();
        gateway.await(
                EACH + " further answers on each connection",
                () -> clients.haveEach(EACH, before) || !clients.faults().isEmpty());
    }
}
