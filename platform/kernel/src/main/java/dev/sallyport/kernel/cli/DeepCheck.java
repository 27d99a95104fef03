package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.balance.TargetGroups;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.step.CpuPool;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.kernel.telemetry.Telemetry;
import dev.sallyport.kernel.upstream.Http1Client;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes all steps of a configuration, as a gateway would, and closes them again: what only their code knows comes to light. */
final class DeepCheck {

    private static final int KEYS = 1_000;

    private DeepCheck() {}

    static List<ConfigProblem> run(ResolvedConfig config, Installation.Offline offline, Path file)
            throws CommandException {
        Path data = null;
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try (HttpClient http = HttpClient.newBuilder().executor(threads).build();
                ScriptService scripts = new ScriptService(
                        Installation.home().resolve(config.config().folders().scripts()),
                        ScriptService.Settings.ofThisMachine());
                Telemetry telemetry = new Telemetry();
                Deadlines deadlines = new Deadlines();
                Http1Client client = new Http1Client();
                TargetGroups targets = TargetGroups.offline(client)) {
            data = Files.createTempDirectory("sallyport-check");
            StepServices services = new StepServices(
                    Clock.systemUTC(),
                    Map.of("memory", new MemoryStore(System::nanoTime, KEYS)),
                    scripts,
                    http,
                    new CpuPool(1),
                    data,
                    telemetry);
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder of the configuration");
            Compiler compiler = new Compiler(services, client, targets, deadlines, offline.plugins(), folder);
            Compiler.Result result =
                    compiler.compile(config, offline.catalogue(), 1, Map.of(), null, compiler::dispose);
            if (result.generation() != null) {
                result.generation().retire();
            }
            return result.problems();
        } catch (IOException e) {
            throw new CommandException("a temporary folder cannot be made: " + e.getMessage());
        } finally {
            threads.shutdownNow();
            delete(data);
        }
    }

    private static void delete(@Nullable Path folder) throws CommandException {
        if (folder == null) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new CommandException("a temporary folder cannot be deleted: " + e.getMessage());
        }
    }
}
