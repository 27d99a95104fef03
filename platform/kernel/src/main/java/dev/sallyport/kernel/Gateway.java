package dev.sallyport.kernel;

import dev.sallyport.kernel.admin.AdminApi;
import dev.sallyport.kernel.admin.AdminToken;
import dev.sallyport.kernel.admin.StatusApi;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.http.SideServer;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.step.CpuPool;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.kernel.upstream.JettyUpstreamClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The gateway: wires the parts and carries changes through. A change of config, plugins or scripts is read, compiled into a
 * new generation beside the one that serves, and swapped in by one reference; where anything fails before that, the old one
 * serves on. All changes run on one thread, one after the other.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = System.getLogger("gateway");

    private static final int MOST_IN_FLIGHT = 20_000;
    private static final int MOST_EXTRA_CARRIERS = 16;
    private static final Duration DRAIN_AT_STOP = Duration.ofSeconds(30);
    private static final Duration DRAIN_AFTER_SWAP = Duration.ofMinutes(5);

    private final Home home;
    private final GatewayLog log;
    private final ConfigSource source;
    private final Plugins plugins;
    private final ScriptService scripts;
    private final JettyUpstreamClient upstreams;
    private final Deadlines deadlines = new Deadlines();
    private final Compiler compiler;
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final Listeners listeners;
    private final Watchdog watchdog;
    private final ScheduledExecutorService deploy = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("deploy").factory());
    private final GenerationNumbers numbers;
    private final SideServer status;
    private final SideServer admin;
    private final List<FileWatch> watches = new ArrayList<>();
    private final Counters counters = new Counters();

    private volatile List<ConfigProblem> refused = List.of();
    private volatile boolean stopping;

    /**
     * Starts a gateway and returns when it serves.
     *
     * @param configFile the main file
     * @param home where folders that the configuration names are looked for
     * @param log the log of this process
     * @throws StartException saying why it cannot
     */
    public static Gateway start(Path configFile, Path home, GatewayLog log) throws StartException {
        try {
            return new Gateway(configFile, home, log);
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    private Gateway(Path configFile, Path installation, GatewayLog log) throws IOException, StartException {
        this.log = log;
        GatewayConfig.Folders folders = ConfigSource.folders(configFile, installation);
        home = Home.of(folders, installation);
        lock = home.lock();
        plugins = Plugins.open(home.plugins(), home.data());
        scripts = new ScriptService(home.scripts(), ScriptService.Settings.ofThisMachine());
        upstreams = new JettyUpstreamClient(Executors.newVirtualThreadPerTaskExecutor());
        StepServices services = new StepServices(
                Clock.systemUTC(),
                Map.of("memory", new MemoryStore(System::nanoTime, MOST_KEYS)),
                scripts,
                sideCalls(),
                new CpuPool(Runtime.getRuntime().availableProcessors()),
                home.data().resolve("steps"));
        compiler = new Compiler(services, upstreams, deadlines, plugins);
        source = new ConfigSource(configFile, installation, home);
        numbers = new GenerationNumbers(home.data());
        listeners = new Listeners(serving, MOST_IN_FLIGHT);
        watchdog = new Watchdog(listeners::exchanges, MOST_EXTRA_CARRIERS);
        boolean started = false;
        try {
            onDeploy(this::first);
            GatewayConfig config = generation().config().config();
            status = new SideServer(
                    "status",
                    config.status().address(),
                    new StatusApi(watchdog::isAlive, this::readiness, this::metrics));
            admin = new SideServer(
                    "admin",
                    config.admin().address(),
                    new Views(this).offerOn(new AdminApi(AdminToken.in(home.data()), source.name())));
            watches.add(
                    new FileWatch("watch config", source::files, () -> changed("the configuration's files changed")));
            watches.add(new FileWatch("watch scripts", () -> Set.of(home.scripts()), () -> changed("scripts changed")));
            plugins.onChange(catalogue -> deploy.execute(() -> reload("plugins changed", true)));
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private static HttpClient sideCalls() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** Where clients connect, by listener name. */
    public Map<String, Address> addresses() {
        return listeners.addresses();
    }

    /** Where the admin API is. */
    public Address adminAddress() {
        return admin.address();
    }

    /** Where health and metrics are. */
    public Address statusAddress() {
        return status.address();
    }

    /** The generation that serves. */
    public Generation generation() {
        return serving.get().generation();
    }

    /** Reads everything anew, and waits until it serves or is refused. */
    public ReloadResult reload(String reason) {
        return onDeploy(() -> reload(reason, false));
    }

    private void changed(String reason) {
        deploy.execute(() -> reload(reason, false));
    }

    private ReloadResult first() throws StartException, IOException {
        ConfigSource.Content content = source.read(plugins.catalogue(), true);
        ResolvedConfig config = content.config();
        if (config == null) {
            throw new StartException("the configuration is not valid:", content.problems());
        }
        log.apply(config.config().log());
        ReloadResult result = deploy(content, config);
        if (!result.applied()) {
            throw new StartException("the configuration cannot serve:", result.problems());
        }
        return result;
    }

    /** @param tolerateMissing whether a type that no plugin offers is a 503 on its routes, as when a jar goes, or an error */
    private ReloadResult reload(String reason, boolean tolerateMissing) {
        if (stopping) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        ConfigSource.Content content = source.read(plugins.catalogue(), tolerateMissing);
        ResolvedConfig config = content.config();
        ReloadResult result;
        try {
            result = config == null
                    ? new ReloadResult(generation().number(), false, 0, 0, content.problems())
                    : deploy(content, config);
        } catch (IOException e) {
            result = refusal(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "applying a change failed", e);
            result = refusal("internal error: " + e);
        }
        report(reason, result);
        return result;
    }

    private ReloadResult refusal(String message) {
        return new ReloadResult(generation().number(), false, 0, 0, List.of(source.problem(message)));
    }

    private ReloadResult deploy(ConfigSource.Content content, ResolvedConfig config) throws IOException {
        Serving before = serving.get();
        Generation old = before == null ? null : before.generation();
        Compiler.Result compiled = compiler.compile(config, plugins.catalogue(), numbers.next(), old, this::drained);
        Generation fresh = compiled.generation();
        if (fresh == null) {
            return new ReloadResult(old == null ? 0 : old.number(), false, 0, 0, compiled.problems());
        }
        serving.set(Serving.of(fresh));
        try {
            listeners.apply(config.config().listeners());
        } catch (IOException e) {
            if (before != null) {
                serving.set(before);
            }
            fresh.retire();
            throw e;
        }
        log.apply(config.config().log());
        numbers.taken(fresh.number());
        source.serves(content);
        plugins.serves(compiled.artefacts());
        refused = List.of();
        if (old != null) {
            old.retire();
            deploy.schedule(() -> giveUp(old), DRAIN_AFTER_SWAP.toSeconds(), TimeUnit.SECONDS);
        }
        return new ReloadResult(fresh.number(), true, compiled.kept(), compiled.created(), content.problems());
    }

    /** Called by the last exchange that leaves a retired generation, on its thread. */
    private void drained(Generation generation) {
        deploy.execute(() -> compiler.dispose(generation));
    }

    /** Ends what still runs on a generation long after it was replaced. */
    private void giveUp(Generation old) {
        for (LiveExchange exchange : listeners.exchanges()) {
            if (exchange.generation() == old) {
                exchange.cancellation().cancel(new IOException("the drain limit has passed"));
            }
        }
    }

    private void report(String reason, ReloadResult result) {
        if (result.applied()) {
            counters.applied();
            LOG.log(
                    Level.INFO,
                    "generation {0} serves: {1}; steps: {2} kept, {3} new",
                    Integer.toString(result.generation()),
                    reason,
                    Integer.toString(result.kept()),
                    Integer.toString(result.created()));
            generation().degraded().forEach(what -> LOG.log(Level.WARNING, what));
        } else {
            counters.refused();
            refused = result.problems();
            LOG.log(Level.ERROR, () -> "refused: " + reason + "; generation " + result.generation() + " serves on");
        }
        result.problems()
                .forEach(problem -> LOG.log(
                        problem.severity() == ConfigProblem.Severity.ERROR ? Level.ERROR : Level.WARNING,
                        problem::toString));
    }

    private StatusApi.Readiness readiness() {
        List<String> degraded = new ArrayList<>(generation().degraded());
        refused.forEach(problem -> degraded.add("refused: " + problem));
        plugins.refused().forEach(refusal -> degraded.add(refusal.toString()));
        return new StatusApi.Readiness(!stopping, "draining", degraded);
    }

    private <T> T onDeploy(Callable<T> task) throws StartException, IOException {
        try {
            return deploy.submit(task).get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StartException start -> throw start;
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Takes no more connections, lets exchanges come to their end for a while, and stops everything. */
    @Override
    public void close() {}
}
