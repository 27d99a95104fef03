package dev.sallyport.kernel;

import dev.sallyport.api.Exporter;
import dev.sallyport.api.telemetry.LogEvent;
import dev.sallyport.kernel.admin.AdminApi;
import dev.sallyport.kernel.admin.AdminTokens;
import dev.sallyport.kernel.admin.AuditLog;
import dev.sallyport.kernel.admin.CanaryResources;
import dev.sallyport.kernel.admin.ConfigResources;
import dev.sallyport.kernel.admin.DoctorView;
import dev.sallyport.kernel.admin.ExplainResource;
import dev.sallyport.kernel.admin.GenerationResources;
import dev.sallyport.kernel.admin.LogResources;
import dev.sallyport.kernel.admin.MarketResources;
import dev.sallyport.kernel.admin.MetricsView;
import dev.sallyport.kernel.admin.PartResources;
import dev.sallyport.kernel.admin.PluginResources;
import dev.sallyport.kernel.admin.ReplayResource;
import dev.sallyport.kernel.admin.ServedPages;
import dev.sallyport.kernel.admin.StatusApi;
import dev.sallyport.kernel.admin.StepResources;
import dev.sallyport.kernel.admin.TraceResources;
import dev.sallyport.kernel.admin.TryResource;
import dev.sallyport.kernel.admin.Views;
import dev.sallyport.kernel.balance.StickyKey;
import dev.sallyport.kernel.balance.TargetGroups;
import dev.sallyport.kernel.canary.Verdict;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.TlsConfig;
import dev.sallyport.kernel.deploy.Change;
import dev.sallyport.kernel.deploy.Deployer;
import dev.sallyport.kernel.deploy.Draining;
import dev.sallyport.kernel.deploy.GenerationDiff;
import dev.sallyport.kernel.deploy.GenerationRecord;
import dev.sallyport.kernel.deploy.History;
import dev.sallyport.kernel.deploy.Home;
import dev.sallyport.kernel.deploy.Planned;
import dev.sallyport.kernel.deploy.PluginCommands;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.deploy.StartException;
import dev.sallyport.kernel.deploy.TrustAtStart;
import dev.sallyport.kernel.deploy.Upload;
import dev.sallyport.kernel.doctor.HeapPath;
import dev.sallyport.kernel.explain.RequestExplainer;
import dev.sallyport.kernel.http.AskedListener;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.http.SideServer;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.market.KeptIndexes;
import dev.sallyport.kernel.market.Marketplaces;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.LoaderReport;
import dev.sallyport.kernel.plugin.PluginSettings;
import dev.sallyport.kernel.plugin.Plugins;
import dev.sallyport.kernel.script.ScriptService;
import dev.sallyport.kernel.step.CpuPool;
import dev.sallyport.kernel.step.OpenServices;
import dev.sallyport.kernel.step.SecretSources;
import dev.sallyport.kernel.step.SideCalls;
import dev.sallyport.kernel.step.StepServices;
import dev.sallyport.kernel.store.MemoryStore;
import dev.sallyport.kernel.telemetry.ExchangeTimes;
import dev.sallyport.kernel.telemetry.Telemetry;
import dev.sallyport.kernel.tls.Acme;
import dev.sallyport.kernel.tls.ServerTls;
import dev.sallyport.kernel.trace.Tracing;
import dev.sallyport.kernel.upstream.UpstreamClients;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The gateway: wires the parts. Listeners take requests and give them to the generation that serves; a change of config,
 * plugins or scripts goes to the {@link Deployer}, which swaps in another one; the watchdog, the status address and the
 * admin API stand beside, on threads of their own.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = System.getLogger("gateway");

    private static final int MOST_EXTRA_CARRIERS = 16;

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Plugins plugins;
    private final Listeners listeners;
    private final History history;
    private final Supplier<Set<LiveExchange>> running;
    private final Draining draining;
    private final Deployer deployer;
    private final ScriptService scripts;
    private final UpstreamClients upstreams;
    private final Tracing tracing;
    private final Watchdog watchdog;
    private final SlowSteps slowSteps;
    private final SideServer status;
    private final SideServer admin;
    private volatile boolean stopping;

    /**
     * Starts a gateway and returns when it serves.
     *
     * @param configFile the main file
     * @param installation where folders that the configuration names are looked for
     * @param folders what takes the place of those that it names
     * @param log the log of this process
     * @param again whether the process before this one ran out of memory: what served last serves then, and what the files
     *     say beyond it waits to be asked for
     * @throws StartException saying why it cannot
     */
    public static Gateway start(
            Path configFile,
            Path installation,
            UnaryOperator<GatewayConfig.Folders> folders,
            GatewayLog log,
            boolean again)
            throws StartException {
        Starting starting = new Starting();
        try {
            return new Gateway(configFile.toAbsolutePath().normalize(), installation, folders, log, again, starting);
        } catch (IOException e) {
            throw starting.failed(new StartException(String.valueOf(e.getMessage())));
        } catch (StartException e) {
            throw starting.failed(e);
        }
    }

    /** Starts a gateway in the folders that its configuration names, and not again. */
    public static Gateway start(Path configFile, Path installation, GatewayLog log) throws StartException {
        return start(configFile, installation, UnaryOperator.identity(), log, false);
    }

    /** What has been opened by a start that fails, so that it is closed. */
    private static final class Starting {

        private @Nullable Gateway gateway;

        StartException failed(StartException failure) {
            if (gateway != null) {
                gateway.closeParts();
            }
            return failure;
        }
    }

    private Gateway(
            Path configFile,
            Path installation,
            UnaryOperator<GatewayConfig.Folders> folders,
            GatewayLog log,
            boolean again,
            Starting starting)
            throws IOException, StartException {
        starting.gateway = this;
        ConfigReader early = new ConfigReader(configFile, installation, System::getenv);
        Home home = Home.of(folders.apply(early.folders()), installation);
        FileLock lock = opened(home.lock());
        LOG.log(Level.DEBUG, "data folder {0} is locked: {1}", home.data(), lock.isValid());

        scripts = opened(new ScriptService(home.scripts(), ScriptService.Settings.ofThisMachine()));
        scripts.starts(configFile);
        history = History.in(home.data());
        plugins = opened(Plugins.open(PluginSettings.of(home.plugins(), home.data())
                .withWritable(home.writable())
                .withKeep(history.jars())
                .withTrust(TrustAtStart.of(early, history))));
        upstreams = opened(new UpstreamClients());
        Telemetry telemetry = opened(new Telemetry());
        StepServices services = new StepServices(
                Clock.systemUTC(),
                Map.of("memory", new MemoryStore(System::nanoTime, MemoryStore.MAXIMUM_KEYS)),
                scripts,
                opened(new SideCalls()),
                new CpuPool(Runtime.getRuntime().availableProcessors()),
                home.data().resolve("steps"),
                telemetry);
        Path folder = Objects.requireNonNull(configFile.getParent(), "folder of the configuration");
        OpenServices open = new OpenServices(() -> services, plugins, folder, home.data());
        SecretSources secrets = opened(new SecretSources(open));
        ConfigReader reader = new ConfigReader(configFile, installation, System::getenv, secrets);
        Compiler compiler = new Compiler(
                services,
                open,
                upstreams,
                opened(new TargetGroups(upstreams, () -> StickyKey.in(home.data()))),
                opened(new Deadlines()),
                plugins,
                folder);
        AtomicReference<@Nullable Serving> serving = new AtomicReference<>();
        // Opened before the listeners: closing runs the other way, so what serves is let go once they are closed.
        ExchangeTimes times = new ExchangeTimes(telemetry.meter());
        Acme acme = opened(new Acme(home.data().resolve("acme")));
        tracing = new Tracing(services.clock());
        Listeners clients = new Listeners(serving, ended -> ended(ended, times), acme, tracing);
        Supplier<Set<LiveExchange>> copies = compiler.copies()::running;
        draining = opened(new Draining(clients::exchanges, copies, clients::leaving, this::generation));
        deployer = opened(new Deployer(
                configFile, home, reader, history, plugins, scripts, compiler, clients, draining, serving, log));
        listeners = opened(clients);
        running = () -> union(clients.exchanges(), copies.get());
        watchdog = opened(new Watchdog(running, MOST_EXTRA_CARRIERS));
        slowSteps = opened(new SlowSteps(running));

        AuditLog audit = new AuditLog(home.data(), services.clock());
        AdminTokens tokens = AdminTokens.in(
                home.data(), () -> generation().config().config().admin().tokens());
        ServedPages pages = new ServedPages(this::generation, tokens, audit);
        GenerationDiff diff = new GenerationDiff(history, configFile);
        deployer.onOutcome((change, result) -> {
            audit(audit, diff, change, result);
            Generation serves = generation();
            tracing.configure(serves.config().config().trace());
            secrets.serves(serves.discovered().services().values());
            pages.serves(serves);
        });
        deployer.first(again);
        opened(log.listen(
                () -> !generation().exporters().isEmpty(),
                event -> generation().withExporters(exporters -> tell(exporters, event))));
        GatewayConfig config = generation().config().config();
        tracing.configure(config.trace());
        GatewayMetrics.register(
                telemetry.meter(),
                deployer,
                listeners,
                plugins,
                watchdog,
                slowSteps,
                compiler.slowExchanges(),
                upstreams);
        MetricsView metrics = new MetricsView(this::generation, telemetry::text);
        status = opened(new SideServer(
                "status", config.status().address(), new StatusApi(watchdog::isAlive, this::readiness, metrics::page)));
        TlsConfig tls = config.admin().tls();
        ServerTls adminTls = tls == null ? null : new ServerTls("admin", tls, acme);
        AdminApi api = adminApi(configFile, home, audit, tokens, pages);
        opened(new LogResources(log, () -> generation().config().config().log(), services.clock()).offerOn(api));
        admin = opened(new SideServer("admin", config.admin().address(), api, adminTls));
        if (adminTls != null) {
            opened(new FileWatch("watch admin's certificate", adminTls::files, adminTls::reload));
        }
        opened(new FileWatch(
                "watch config", deployer::watched, () -> deployer.reloadLater("the configuration's files changed")));
        secrets.watch(deployer::reloadLater);
        opened(new FileWatch(
                "watch scripts", () -> Set.of(home.scripts()), () -> deployer.reloadLater("scripts changed")));
        opened(new FileWatch("watch certificates", listeners::certificateFiles, listeners::reloadCertificates));
        plugins.onChange(offered -> deployer.pluginsChanged());
        scripts.serves();
    }

    private void audit(AuditLog audit, GenerationDiff diff, Change change, ReloadResult result) {
        GenerationRecord record = history.find(result.generation());
        List<String> lines = List.of();
        try {
            lines = record != null && result.applied() ? diff.lines(record) : lines;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the audit log does not say how the files differ: {0}", e.toString());
        }
        audit.add(change, result, record, lines);
    }

    private void ended(LiveExchange exchange, ExchangeTimes times) {
        times.record(exchange.route(), exchange.status(), exchange.tookNanos());
        deployer.ended(exchange);
    }

    private static boolean tell(List<Exporter> exporters, LogEvent event) {
        for (Exporter exporter : exporters) {
            try {
                exporter.logged(event);
            } catch (Throwable failure) { // whoever has logged has nothing to do with it
                LOG.log(Level.DEBUG, "an exporter failed to take a record of the log: {0}", failure.toString());
            }
        }
        return true;
    }

    private AdminApi adminApi(Path configFile, Home home, AuditLog audit, AdminTokens tokens, ServedPages pages)
            throws IOException {
        Supplier<GatewayConfig.Admin> config =
                () -> generation().config().config().admin();
        PluginCommands commands = new PluginCommands(deployer, history, plugins);
        Views views = new Views(this::generation, history, plugins, commands::refused);
        AdminApi api = new AdminApi(
                tokens, audit, () -> config.get().rate(), () -> generation().number(), pages);
        views.offerOn(api);
        PluginResources jars = new PluginResources(commands, config, plugins::trust, views::plugin, home.data());
        jars.offerOn(api);
        Path folder = Objects.requireNonNull(configFile.getParent(), "folder of the configuration");
        KeptIndexes indexes = new KeptIndexes();
        new MarketResources(
                        () -> Marketplaces.open(
                                Marketplaces.Setting.of(plugins.trust().config(), folder, home.data(), Map.of()),
                                indexes),
                        views::plugins,
                        jars,
                        text -> generation().config().hide(text))
                .offerOn(api);
        new GenerationResources(deployer, history, new GenerationDiff(history, configFile)).offerOn(api);
        new ConfigResources(deployer, history, configFile, plugins::catalogue).offerOn(api);
        PartResources parts = new PartResources(deployer, history, configFile);
        parts.offerOn(api);
        new CanaryResources(deployer).offerOn(api);
        new StepResources(this::generation).offerOn(api);
        new TraceResources(tracing).offerOn(api);
        new ReplayResource(tracing, deployer, parts, plugins, configFile).offerOn(api);
        new DoctorView(plugins, this::generation, running, scripts).offerOn(api);
        AskedListener asked = opened(new AskedListener(listeners::addresses));
        new ExplainResource(new RequestExplainer(asked), this::generation).offerOn(api);
        new TryResource(this::generation, listeners::addresses, tracing).offerOn(api);
        return api.offer(audit.resource());
    }

    private static Set<LiveExchange> union(Set<LiveExchange> some, Set<LiveExchange> others) {
        if (others.isEmpty()) {
            return some;
        }
        Set<LiveExchange> all = new HashSet<>(some);
        all.addAll(others);
        return all;
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
        return deployer.generation();
    }

    /** The plugins that there are. */
    public Catalogue catalogue() {
        return plugins.catalogue();
    }

    /** Which class loaders of plugins there are, which should be gone, and what unloaded plugins left behind. */
    public LoaderReport loaders() {
        return plugins.report();
    }

    /** What refers to unloaded plugins that are still in memory; everything stands still meanwhile. */
    public List<HeapPath> heapPaths() throws IOException {
        return plugins.heapPaths();
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(deployer.degraded());
        all.addAll(upstreams.degraded(generation().config().config().upstreams()));
        all.addAll(listeners.degraded());
        return all;
    }

    /** Reads everything anew, and waits until it serves or is refused. */
    public ReloadResult reload(String reason) {
        return deployer.reload(reason);
    }

    /** Goes back to a generation that served before, and holds it: see {@link Deployer#rollback}. */
    public ReloadResult rollback(@Nullable Integer to, String author, String message) {
        return deployer.rollback(to, author, message);
    }

    /** Decides a canary: see {@link Deployer#decide(String, Verdict.Kind, String, String)}. */
    public ReloadResult decide(String trial, Verdict.Kind kind, String author, String why) {
        return deployer.decide(trial, kind, author, why);
    }

    /** Takes what the folders say; a rollback that held is over then. */
    public ReloadResult apply(Change change) {
        return deployer.apply(change);
    }

    /** What a change would mean, of what the folders say or of what is brought: see {@link Deployer#plan}. */
    public Planned plan(@Nullable Upload upload) {
        return deployer.plan(upload);
    }

    /** Takes a whole configuration: see {@link Deployer#put}. */
    public ReloadResult put(Upload upload, Change change) {
        return deployer.put(upload, change, null);
    }

    /** The generations that can be gone back to, and whether one is held. */
    public History history() {
        return history;
    }

    /** What waits while a rollback holds, in a few words each. */
    public List<String> pending() {
        return deployer.pending();
    }

    private StatusApi.Readiness readiness() {
        return new StatusApi.Readiness(!stopping, "draining", degraded());
    }

    /** Is not ready for a while where that is configured, takes no more connections then, lets exchanges come to their end for a while, and stops everything. */
    @Override
    public void close() {
        if (stopping) {
            return;
        }
        stopping = true;
        deployer.stop();
        beNotReady(generation().config().config().drain().notReadyFor());
        listeners.stopAccepting();
        draining.stop();
        closeParts();
    }

    /** Serves on while those who ask for readiness learn that they should look elsewhere. */
    private static void beNotReady(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeParts() {
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "stopping: {0}", e.toString());
            }
        }
    }
}
