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
import org.jspecify.annotations.Nullable;

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
        home = Home.of(configFile, installation);
        plugins = Plugins.open(home.plugins(), home.data());
        scripts = new ScriptService(home.scripts());
        upstreams = new JettyUpstreamClient(Executors.newVirtualThreadPerTaskExecutor());
        HttpClient sideCalls = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        Clock clock = Clock.systemUTC();
        StepServices services = new StepServices(
                clock,
                Map.of("memory", new MemoryStore(clock)),
                scripts,
                sideCalls,
                new CpuPool(Runtime.getRuntime().availableProcessors()),
                home.data().resolve("steps"));
        compiler = new Compiler(services, upstreams, deadlines, plugins);
        source = new ConfigSource(configFile, home);
        numbers = new GenerationNumbers(home.data());
        listeners = new Listeners(serving, MOST_IN_FLIGHT);
        watchdog = new Watchdog(listeners::exchanges, MOST_EXTRA_CARRIERS);
        ResolvedConfig first = firstConfig();
        status = new SideServer("status", first.config().status().address(), new StatusApi(watchdog::isAlive, this::readiness, this::metrics));
        admin = new SideServer("admin", first.config().admin().address(), adminApi());
    }
}
