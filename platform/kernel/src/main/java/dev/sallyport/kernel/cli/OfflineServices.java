package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.step.CpuPool;
import dev.sallyport.kernel.step.SideCalls;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.kernel.telemetry.Telemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What steps and services are lent where no gateway runs: made for the first that asks, since most commands make none. */
final class OfflineServices implements AutoCloseable {

    private static final int KEYS = 1_000;

    private final Path scripts;
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private @Nullable StepServices services;

    /** @param scripts the folder of scripts */
    OfflineServices(Path scripts) {
        this.scripts = scripts;
    }

    StepServices get() {
        if (services == null) {
            services = make();
        }
        return services;
    }

    private StepServices make() {
        try {
            Path data = Files.createTempDirectory("sallyport-check");
            toClose.push(() -> delete(data));
            return new StepServices(
                    Clock.systemUTC(),
                    Map.of("memory", new MemoryStore(System::nanoTime, KEYS)),
                    opened(new ScriptService(scripts, ScriptService.Settings.ofThisMachine())),
                    opened(new SideCalls()),
                    new CpuPool(1),
                    data,
                    opened(new Telemetry()));
        } catch (IOException e) {
            throw new UncheckedIOException("a temporary folder cannot be made", e);
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        toClose.push(part);
        return part;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @Override
    public void close() {
        RuntimeException failed = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                failed = new IllegalStateException("what was made for a look cannot be taken back", e);
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
