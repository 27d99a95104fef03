package dev.sallyport.kernel;

import dev.sallyport.kernel.admin.AdminApi;
import dev.sallyport.kernel.admin.StatusApi;
import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Deadlines;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.http.SideServer;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.Catalogue;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Path configFile;
    private final Home home;
    private final GatewayLog log;
    private final Plugins plugins;
    private final ScriptService scripts;
    private final JettyUpstreamClient upstreams;
    private final Deadlines deadlines = new Deadlines();
    private final HttpClient sideCalls = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    private final Compiler compiler;
    private final AtomicReference<Serving> serving = new AtomicReference<>();
    private final Listeners listeners;
    private final Watchdog watchdog;
    private final ExecutorService deploy =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("deploy").factory());
    private final List<AutoCloseable> servers = new java.util.ArrayList<>();

    private volatile Status status = Status.STARTING;
}
