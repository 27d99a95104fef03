package dev.sallyport.kernel.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.marketplace.IdPrefix;
import dev.sallyport.marketplace.PublisherKey;
import dev.sallyport.marketplace.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that ends at once, as by {@code kill -9}, before each single step of an install in turn: what the next one
 * finds is the old state or the new one, whole, and nothing of what was under way.
 */
final class KilledInstallTest {

    private static final int HALTED = 77;

    @TempDir
    private Path temp;

    /** Installs a jar as the admin API does, and ends before one of the steps. */
    static final class Installing {

        private Installing() {}

        public static void main(String[] arguments) throws Exception {
            Path home = Path.of(arguments[0]);
            int last = Integer.parseInt(arguments[2]);
            AtomicInteger steps = new AtomicInteger();
            AtomicInteger from = new AtomicInteger(Integer.MAX_VALUE);
            PartFile.Observer observer = step -> {
                if (steps.incrementAndGet() >= from.get()) {
                    Runtime.getRuntime().halt(HALTED);
                }
            };
            try (Plugins plugins = Plugins.open(settings(home, PublisherKey.parse(arguments[1])), observer)) {
                from.set(steps.get() + last);
                Path jar = home.resolve("new.jar");
                PluginChanges.Stored stored =
                        plugins.changes().store(jar, "the jar", Files.readString(Signatures.of(jar)));
                PluginChanges.Proposal proposal = plugins.changes().install(stored.artefact(), "admin");
                Set<Artefact> used = Set.of(stored.artefact());
                proposal.commit(used);
                plugins.serves(used);
            }
        }
    }

    private static PluginSettings settings(Path home, PublisherKey key) {
        TrustConfig.PublisherConfig acme = new TrustConfig.PublisherConfig(
                "acme", List.of(key), List.of(IdPrefix.parse("acme-")), 1, new Place("gateway.yaml", 1, 1));
        return PluginSettings.of(home.resolve("plugins"), home.resolve("data"))
                .withTrust(new TrustConfig(TrustConfig.Unsigned.REFUSED, List.of(acme), List.of()));
    }

    private static void sign(Path jar, Signer signer) throws Exception {
        Files.writeString(
                Signatures.of(jar),
                signer.sign(Trust.statement("x.jar", Plugins.inspect(jar))).toJson());
    }

    private static int install(Path home, Signer signer, int last) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Installing.class.getName(),
                        home.toString(),
                        signer.publicKey().toString(),
                        Integer.toString(last))
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void leavesTheOldStateOrTheNewOneWhole() throws Exception {
        Signer acme = Signer.generate();
        Path old = PluginJar.stamp("acme-stamp", "1.0.0").build(temp.resolve("old.jar"));
        Path young = PluginJar.stamp("acme-stamp", "1.1.0").build(temp.resolve("young.jar"));
        sign(old, acme);
        sign(young, acme);
        int killed = 0;
        int kept = 0;
        for (int last = 1; ; last++) {
            Path home = Files.createDirectories(temp.resolve("home-" + last));
            OwnerOnly.createFolder(home.resolve("plugins"));
            Files.copy(old, home.resolve("plugins/stamp.jar"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.copy(Signatures.of(old), home.resolve("plugins/stamp.jar.dsse.json"));
            try (Plugins plugins = Plugins.open(settings(home, acme.publicKey()))) {
                plugins.serves(Set.copyOf(plugins.catalogue().present()));
            }
            Files.copy(young, home.resolve("new.jar"));
            Files.copy(Signatures.of(young), home.resolve("new.jar.dsse.json"));

            int status = install(home, acme, last);

            try (Plugins plugins = Plugins.open(settings(home, acme.publicKey()))) {
                assertThat(plugins.catalogue().refused()).isEmpty();
                Artefact serves = plugins.catalogue().artefact("filter", "acme/acme-stamp", null);
                assertThat(serves).as("killed before step " + last).isNotNull();
                assertThat(Files.readAllBytes(serves.path())).isIn(Files.readAllBytes(old), Files.readAllBytes(young));
                plugins.release(plugins.acquire(serves));
                kept += serves.version().equals("1.0.0") ? 1 : 0;
            }
            try (Stream<Path> all = Files.walk(home.resolve("data"))) {
                assertThat(all).noneMatch(each -> each.toString().endsWith(PartFile.SUFFIX));
            }
            if (status == 0) {
                break;
            }
            assertThat(status).isEqualTo(HALTED);
            killed++;
        }
        assertThat(killed).as("steps of an install").isGreaterThan(10);
        assertThat(kept).as("of them, before it was done").isBetween(10, killed);
    }
}
