package dev.sallyport.kernel;

import dev.sallyport.kernel.admin.AdminApi;
import dev.sallyport.kernel.admin.AdminToken;
import dev.sallyport.kernel.admin.Metrics;
import dev.sallyport.kernel.admin.StatusApi;
import dev.sallyport.kernel.admin.Views;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.http.SideServer;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.kernel.plugin.PluginSettings;
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
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The gateway: wires the parts and carries changes through.
 *
 * <p>A change of config, plugins or scripts is read, compiled into a new generation beside the one that serves, and swapped
 * in by one reference; where anything fails before that, the old one serves on. All changes run on one thread, one after
 * the other.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = System.getLogger("gateway");

    private static final int MOST_IN_FLIGHT = 20_000;
    private static final int MOST_EXTRA_CARRIERS = 16;
    private static final int MOST_STORE_KEYS = 1_000_000;
    private static final Duration DRAIN_AT_STOP = Duration.ofSeconds(30);
    private static final Duration DRAIN_AFTER_SWAP = Duration.ofMinutes(5);

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor deploy = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deploy").factory());

    private final GatewayLog log;
    private final Path configFile;
    private final Path installation;
    private final ConfigReader reader;
    private final LastGoodConfig lastGood;
    private final Plugins plugins;
    private final Compiler compiler;
    private final GenerationNumbers numbers;
    private final Listeners listeners;
    private final Watchdog watchdog;
    private final SideServer status;
    private final SideServer admin;

    private final AtomicReference<@Nullable Serving> serving = new AtomicReference<>();
    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Set<Path> watched = Set.of();
    private volatile List<String> degraded = List.of();
    private volatile boolean stopping;

    /**
     * Starts a gateway and returns when it serves.
     *
     * @param configFile the main file
     * @param installation where folders that the configuration names are looked for
     * @param log the log of this process
     * @throws StartException saying why it cannot
     */
    public static Gateway start(Path configFile, Path installation, GatewayLog log) throws StartException {
        Starting starting = new Starting();
        try {
            return new Gateway(configFile.toAbsolutePath().normalize(), installation, log, starting);
        } catch (IOException e) {
            throw starting.failed(new StartException(String.valueOf(e.getMessage())));
        } catch (StartException e) {
            throw starting.failed(e);
        }
    }

    /** What has been opened by a start that fails, so that it is closed. */
    private static final class Starting {

        private @Nullable Gateway gateway;

        StartException failed(StartException failure) {
            if (gateway != null) {
                gateway.close();
            }
            return failure;
        }
    }

    private Gateway(Path configFile, Path installation, GatewayLog log, Starting starting)
            throws IOException, StartException {
        starting.gateway = this;
        // Else stopping would wait for the drain limits of generations that are long gone.
        deploy.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.log = log;
        this.configFile = configFile;
        Path folder = Objects.requireNonNull(configFile.getParent(), "folder of the configuration");
        this.installation = installation;
        reader = new ConfigReader(configFile, installation, System::getenv);
        Home home = Home.of(reader.folders(), installation);
        lastGood = new LastGoodConfig(configFile, folder, home.data());
        numbers = new GenerationNumbers(home.data());
        FileLock lock = opened(home.lock());
        LOG.log(Level.DEBUG, "data folder {0} is locked: {1}", home.data(), lock.isValid());

        plugins = opened(Plugins.open(PluginSettings.of(home.plugins(), home.data())));
        ScriptService scripts = opened(new ScriptService(home.scripts(), ScriptService.Settings.ofThisMachine()));
        JettyUpstreamClient upstreams = opened(new JettyUpstreamClient(Executors.newVirtualThreadPerTaskExecutor()));
        HttpClient sideCalls = opened(HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build());
        StepServices services = new StepServices(
                Clock.systemUTC(),
                Map.of("memory", new MemoryStore(System::nanoTime, MOST_STORE_KEYS)),
                scripts,
                sideCalls,
                new CpuPool(Runtime.getRuntime().availableProcessors()),
                home.data().resolve("steps"));
        compiler = new Compiler(services, upstreams, opened(new Deadlines()), plugins, folder);
        listeners = opened(new Listeners(serving, MOST_IN_FLIGHT));
        watchdog = opened(new Watchdog(listeners::exchanges, MOST_EXTRA_CARRIERS));

        onDeploy(this::first);
        GatewayConfig config = generation().config().config();
        status = opened(new SideServer(
                "status", config.status().address(), new StatusApi(watchdog::isAlive, this::readiness, this::metrics)));
        admin = opened(new SideServer(
                "admin",
                config.admin().address(),
                new Views(this::generation, plugins)
                        .offerOn(new AdminApi(AdminToken.in(home.data()), configFile.toString()))));
        opened(new FileWatch("watch config", () -> watched, () -> change("the configuration's files changed")));
        opened(new FileWatch("watch scripts", () -> Set.of(home.scripts()), () -> change("scripts changed")));
        plugins.onChange(offered -> onDeployQuietly(() -> reload("plugins changed", true)));
    }

    private <T extends AutoCloseable> T opened(T part) {
        toClose.push(part);
        return part;
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
        return Objects.requireNonNull(serving.get(), "nothing serves yet").generation();
    }

    /** The plugins that there are. */
    public Catalogue catalogue() {
        return plugins.catalogue();
    }

    /** Which class loaders of plugins there are, and which should be gone. */
    public LoaderReport loaders() {
        return plugins.report();
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(generation().degraded());
        all.addAll(degraded);
        plugins.catalogue().refused().forEach(refused -> all.add("plugin refused: " + refused));
        return all;
    }

    /** Reads everything anew, and waits until it serves or is refused. */
    public ReloadResult reload(String reason) {
        return onDeployQuietly(() -> reload(reason, false));
    }

    private void change(String reason) {
        later(() -> reload(reason, false));
    }

    /** Runs it on the deploying thread; not at all where the gateway stops. */
    private void later(Runnable task) {
        try {
            deploy.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "not done any more, the gateway stops");
        }
    }

    /** The first generation: from the files, or where they are broken from what served last. */
    private Generation first() throws StartException, IOException {
        ConfigReader.Options tolerant = new ConfigReader.Options(true, Set.of());
        Reading reading = reader.read(plugins.catalogue(), tolerant);
        watched = reading.files();
        ReloadResult result = deploy(reading);
        if (!result.applied()) {
            if (!lastGood.exists()) {
                throw new StartException("the configuration is not valid:", result.problems());
            }
            Reading before =
                    new ConfigReader(lastGood.file(), installation, System::getenv).read(plugins.catalogue(), tolerant);
            if (!deploy(before).applied()) {
                throw new StartException(
                        "the configuration is not valid, and its last good state cannot serve either:",
                        result.problems());
            }
            degraded =
                    List.of("the configuration is not valid, its last good state serves: " + first(result.problems()));
        }
        report("started", new ReloadResult(generation().number(), true, 0, result.created(), result.problems()));
        return generation();
    }

    /** @param jarsChanged whether it is the plugins that changed: a type that is gone then means 503 on its routes */
    private ReloadResult reload(String reason, boolean jarsChanged) {
        if (stopping) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        ReloadResult result;
        try {
            Reading reading = reader.read(plugins.catalogue(), new ConfigReader.Options(jarsChanged, Set.of()));
            watched = reading.files();
            if (jarsChanged && reading.config() == null) {
                withholdNew("the configuration does not fit it: " + first(reading.errors()));
                reading = reader.read(plugins.catalogue(), new ConfigReader.Options(true, Set.of()));
            }
            result = deploy(reading);
        } catch (IOException e) {
            result = refusal(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "applying a change failed", e);
            result = refusal("internal error: " + e);
        }
        report(reason, result);
        return result;
    }

    /** Compiles what was read, and swaps it in. A plugin that fails on the way is left out, and its last version stays. */
    private ReloadResult deploy(Reading reading) throws IOException {
        Serving before = serving.get();
        Generation old = before == null ? null : before.generation();
        int serves = old == null ? 0 : old.number();
        List<ConfigProblem> problems = new ArrayList<>(reading.problems());
        ResolvedConfig config = reading.config();
        if (config == null) {
            return new ReloadResult(serves, false, 0, 0, problems);
        }
        Compiler.Result compiled = compiler.compile(config, plugins.catalogue(), numbers.next(), old, this::drained);
        while (compiled.generation() == null && withhold(compiled.failed())) {
            problems.addAll(compiled.problems());
            reading = reader.read(plugins.catalogue(), new ConfigReader.Options(true, Set.of()));
            config = reading.config();
            if (config == null) {
                problems.addAll(reading.problems());
                return new ReloadResult(serves, false, 0, 0, problems);
            }
            compiled = compiler.compile(config, plugins.catalogue(), numbers.next(), old, this::drained);
        }
        Generation fresh = compiled.generation();
        if (fresh == null) {
            problems.addAll(compiled.problems());
            return new ReloadResult(serves, false, 0, 0, problems);
        }
        swap(before, Serving.of(fresh));
        log.apply(config.config().log());
        numbers.taken(fresh.number());
        plugins.serves(compiled.artefacts());
        if (reading.files().contains(configFile)) {
            reader.keep(reading);
            lastGood.keep(reading.files());
        }
        if (old != null) {
            int number = old.number(); // not the generation itself: what waits here would keep its plugins in memory
            var _ = deploy.schedule(() -> giveUp(number), DRAIN_AFTER_SWAP.toSeconds(), TimeUnit.SECONDS);
        }
        degraded = reading.heldBack().stream()
                .map(include -> "include held back, its last good content serves: " + include)
                .toList();
        return new ReloadResult(fresh.number(), true, compiled.kept(), compiled.created(), problems);
    }

    private void swap(@Nullable Serving before, Serving after) throws IOException {
        serving.set(after);
        try {
            listeners.apply(after.generation().config().config().listeners());
        } catch (IOException e) {
            serving.set(before);
            after.generation().retire();
            throw e;
        }
        if (before != null) {
            before.generation().retire();
        }
    }

    /** Leaves out what failed, as far as it does not serve already; whether there was anything to leave out. */
    private boolean withhold(Map<Artefact, String> failed) {
        Serving now = serving.get();
        Set<Artefact> serve = now == null ? Set.of() : now.generation().artefacts();
        boolean any = false;
        for (Map.Entry<Artefact, String> failure : failed.entrySet()) {
            if (!serve.contains(failure.getKey())) {
                plugins.withhold(failure.getKey(), failure.getValue());
                any = true;
            }
        }
        return any;
    }

    private void withholdNew(String reason) {
        Set<Artefact> serve = generation().artefacts();
        for (String type : plugins.catalogue().names("filter")) {
            Artefact chosen = plugins.catalogue().artefact("filter", type, null);
            if (chosen != null
                    && !serve.contains(chosen)
                    && serve.stream().anyMatch(one -> one.id().equals(chosen.id()))) {
                plugins.withhold(chosen, reason);
            }
        }
    }

    /** Called by the last exchange that leaves a retired generation, on its thread. */
    private void drained(Generation generation) {
        later(() -> compiler.dispose(generation));
    }

    /** Ends what still runs on a generation long after it was replaced. */
    private void giveUp(int old) {
        for (LiveExchange exchange : listeners.exchanges()) {
            if (exchange.generation().number() == old) {
                exchange.cancellation().cancel(new IOException("the drain limit has passed"));
            }
        }
    }

    private ReloadResult refusal(String message) {
        Place place = new Place(String.valueOf(configFile.getFileName()), 1, 1);
        return new ReloadResult(
                generation().number(),
                false,
                0,
                0,
                List.of(new ConfigProblem(ConfigProblem.Severity.ERROR, place, "", message)));
    }

    private void report(String reason, ReloadResult result) {
        String number = Integer.toString(result.generation());
        if (result.applied()) {
            applied.incrementAndGet();
            LOG.log(
                    Level.INFO,
                    "generation {0} serves: {1}; {2} filters kept, {3} made",
                    number,
                    reason,
                    Integer.toString(result.kept()),
                    Integer.toString(result.created()));
        } else {
            refusals.incrementAndGet();
            degraded = List.of("the last change was refused: " + first(result.problems()));
            LOG.log(Level.ERROR, "refused: {0}; generation {1} serves on", reason, number);
        }
        for (ConfigProblem problem : result.problems()) {
            boolean error = problem.severity() == ConfigProblem.Severity.ERROR;
            LOG.log(error ? Level.ERROR : Level.WARNING, problem::toString);
        }
        generation().degraded().forEach(what -> LOG.log(Level.WARNING, () -> what));
    }

    private static String first(List<ConfigProblem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == ConfigProblem.Severity.ERROR)
                .findFirst()
                .map(ConfigProblem::toString)
                .orElse("");
    }

    private StatusApi.Readiness readiness() {
        return new StatusApi.Readiness(!stopping, "draining", degraded());
    }

    private String metrics() {
        Metrics metrics = new Metrics()
                .gauge(
                        "sallyport_generation",
                        "The number of the generation that serves.",
                        generation().number())
                .gauge(
                        "sallyport_exchanges_in_flight",
                        "Exchanges under way.",
                        listeners.exchanges().size())
                .counter("sallyport_changes_applied_total", "Changes that serve or served.", applied.get())
                .counter("sallyport_changes_refused_total", "Changes that were refused.", refusals.get())
                .counter("sallyport_stalls_total", "Times that exchanges waited for a carrier.", watchdog.stalls())
                .gauge(
                        "sallyport_extra_carriers",
                        "Carriers added for steps that hog theirs.",
                        watchdog.extraCarriers())
                .metric("sallyport_plugin_loaders", "gauge", "Class loaders of plugins.");
        for (LoaderReport.Plugin plugin : plugins.report().plugins()) {
            metrics.sample("sallyport_plugin_loaders", Map.of("plugin", plugin.id(), "state", "live"), plugin.live());
            metrics.sample(
                    "sallyport_plugin_loaders",
                    Map.of("plugin", plugin.id(), "state", "unreclaimed"),
                    plugin.unreclaimed());
        }
        return metrics.text();
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

    private ReloadResult onDeployQuietly(Callable<ReloadResult> task) {
        try {
            return onDeploy(task);
        } catch (RejectedExecutionException stopping) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        } catch (StartException | IOException e) {
            throw new IllegalStateException(e); // a reload tells its failures in its result
        }
    }

    /** Takes no more connections, lets exchanges come to their end for a while, and stops everything. */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        drain();
        deploy.shutdown();
        try {
            if (!deploy.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a change was still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Serving last = serving.get();
        while (!toClose.isEmpty()) {
            AutoCloseable part = toClose.pop();
            if (part == plugins && last != null) {
                compiler.dispose(last.generation()); // after the listeners, before the plugins
            }
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "stopping: {0}", e.toString());
            }
        }
    }

    private void drain() {
        if (serving.get() == null) {
            return;
        }
        listeners.stopAccepting();
        long limit = System.nanoTime() + DRAIN_AT_STOP.toNanos();
        while (!listeners.exchanges().isEmpty() && System.nanoTime() - limit < 0) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
