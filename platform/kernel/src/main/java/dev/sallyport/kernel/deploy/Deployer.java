package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.chain.Compiler;
import dev.sallyport.kernel.chain.Generation;
import dev.sallyport.kernel.chain.LiveExchange;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ConfigReader;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.Reading;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.TrustConfig;
import dev.sallyport.kernel.http.Listeners;
import dev.sallyport.kernel.http.Serving;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.plugin.Plugins;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries changes through: of config, plugins or scripts. Each is read, compiled into a new generation beside the one that
 * serves, and swapped in by one reference; where anything fails before that, the old one serves on. All changes run on one
 * thread, one after the other. Thread-safe.
 */
public final class Deployer implements AutoCloseable {

    private static final Logger LOG = System.getLogger("gateway");

    private static final Duration DRAIN_AFTER_SWAP = Duration.ofMinutes(5);

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deploy").factory());

    private final Path configFile;
    private final Path installation;
    private final ConfigReader reader;
    private final LastGoodConfig lastGood;
    private final GenerationNumbers numbers;
    private final Plugins plugins;
    private final Compiler compiler;
    private final Listeners listeners;
    private final AtomicReference<@Nullable Serving> serving;
    private final GatewayLog log;

    private final AtomicInteger applied = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Set<Path> watched = Set.of();
    private volatile List<String> degraded = List.of();
    private volatile boolean stopping;

    /**
     * A deployer; nothing serves before {@link #first}.
     *
     * @param configFile the main file
     * @param data the gateway's own folder
     * @param serving what the listeners serve: set by this alone
     */
    public Deployer(
            Path configFile,
            Path installation,
            Path data,
            ConfigReader reader,
            Plugins plugins,
            Compiler compiler,
            Listeners listeners,
            AtomicReference<@Nullable Serving> serving,
            GatewayLog log)
            throws IOException {
        this.configFile = configFile;
        this.installation = installation;
        this.reader = reader;
        this.plugins = plugins;
        this.compiler = compiler;
        this.listeners = listeners;
        this.serving = serving;
        this.log = log;
        lastGood = new LastGoodConfig(
                configFile, Objects.requireNonNull(configFile.getParent(), "folder of the configuration"), data);
        numbers = new GenerationNumbers(data);
        // Else stopping would wait for the drain limits of generations that are long gone.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** The generation that serves. */
    public Generation generation() {
        return Objects.requireNonNull(serving.get(), "nothing serves yet").generation();
    }

    /** The files and folders whose change means that the configuration must be read again. */
    public Set<Path> watched() {
        return watched;
    }

    /** What does not work, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(generation().degraded());
        all.addAll(degraded);
        plugins.catalogue().refused().forEach(refused -> all.add("plugin refused: " + refused));
        return all;
    }

    /** How many changes serve or served. */
    public int applied() {
        return applied.get();
    }

    /** How many changes were refused. */
    public int refused() {
        return refusals.get();
    }

    /**
     * The first generation: from the files, or where they are broken from what served last.
     *
     * @throws StartException saying why nothing can serve
     */
    public void first() throws StartException, IOException {
        onThread(() -> {
            start();
            return true;
        });
    }

    private void start() throws StartException, IOException {
        ConfigReader.Options tolerant = new ConfigReader.Options(true, Set.of());
        Reading reading = reader.read(offered(reader), tolerant);
        watched = reading.files();
        ReloadResult result = deploy(reading);
        if (!result.applied()) {
            if (!lastGood.exists()) {
                throw new StartException("the configuration is not valid:", result.problems());
            }
            ConfigReader old = new ConfigReader(lastGood.file(), installation, System::getenv);
            Reading before = old.read(offered(old), tolerant);
            if (!deploy(before).applied()) {
                throw new StartException(
                        "the configuration is not valid, and its last good state cannot serve either:",
                        result.problems());
            }
            degraded =
                    List.of("the configuration is not valid, its last good state serves: " + first(result.problems()));
        }
        report("started", new ReloadResult(generation().number(), true, 0, result.created(), result.problems()));
    }

    /** Reads everything anew, and waits until it serves or is refused. */
    public ReloadResult reload(String reason) {
        return onThreadQuietly(() -> reload(reason, false));
    }

    /** Reads everything anew, soon; not at all where the gateway stops. */
    public void reloadLater(String reason) {
        later(() -> reload(reason, false));
    }

    /** Takes what the plugins folder offers now, and waits until it serves or is refused. */
    public ReloadResult pluginsChanged() {
        return onThreadQuietly(() -> reload("plugins changed", true));
    }

    private void later(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "not done any more, the gateway stops");
        }
    }

    /** @param jarsChanged whether it is the plugins that changed: a type that is gone then means 503 on its routes */
    private ReloadResult reload(String reason, boolean jarsChanged) {
        if (stopping) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        }
        ReloadResult result;
        try {
            Reading reading = reader.read(offered(reader), new ConfigReader.Options(jarsChanged, Set.of()));
            watched = reading.files();
            if (jarsChanged && reading.config() == null) {
                withholdNew("the configuration does not fit it: " + first(reading.errors()));
                reading = reader.read(offered(reader), new ConfigReader.Options(true, Set.of()));
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
        Catalogue offered = plugins.catalogue(config.config().trust());
        Compiler.Result compiled = compiler.compile(config, offered, numbers.next(), old, this::drained);
        while (compiled.generation() == null && withhold(compiled.failed())) {
            problems.addAll(compiled.problems());
            reading = reader.read(offered(reader), new ConfigReader.Options(true, Set.of()));
            config = reading.config();
            if (config == null) {
                problems.addAll(reading.problems());
                return new ReloadResult(serves, false, 0, 0, problems);
            }
            offered = plugins.catalogue(config.config().trust());
            compiled = compiler.compile(config, offered, numbers.next(), old, this::drained);
        }
        Generation fresh = compiled.generation();
        if (fresh == null) {
            problems.addAll(compiled.problems());
            return new ReloadResult(serves, false, 0, 0, problems);
        }
        swap(before, Serving.of(fresh));
        log.apply(config.config().log());
        numbers.taken(fresh.number());
        plugins.trust(config.config().trust());
        plugins.serves(compiled.artefacts());
        if (reading.files().contains(configFile)) {
            reader.keep(reading);
            lastGood.keep(reading.files());
        }
        if (old != null) {
            int number = old.number(); // not the generation itself: what waits here would keep its plugins in memory
            var _ = thread.schedule(() -> giveUp(number), DRAIN_AFTER_SWAP.toSeconds(), TimeUnit.SECONDS);
        }
        degraded = reading.heldBack().stream()
                .map(include -> "include held back, its last good content serves: " + include)
                .toList();
        return new ReloadResult(fresh.number(), true, compiled.kept(), compiled.created(), problems);
    }

    /** What there is to offer if those are trusted whom the files name, which may be others than now. */
    private Catalogue offered(ConfigReader from) {
        TrustConfig trust = from.trust();
        return trust == null ? plugins.catalogue() : plugins.catalogue(trust);
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

    private <T> T onThread(Callable<T> task) throws StartException, IOException {
        try {
            return thread.submit(task).get();
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

    private ReloadResult onThreadQuietly(Callable<ReloadResult> task) {
        try {
            return onThread(task);
        } catch (RejectedExecutionException stopped) {
            return new ReloadResult(generation().number(), false, 0, 0, List.of());
        } catch (StartException | IOException e) {
            throw new IllegalStateException(e); // a reload tells its failures in its result
        }
    }

    /** Takes no more changes. */
    public void stop() {
        stopping = true;
    }

    /** Waits for the change that is under way and lets go of what serves: after the listeners, before the plugins. */
    @Override
    public void close() {
        stop();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "a change was still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Serving last = serving.get();
        if (last != null) {
            compiler.dispose(last.generation());
        }
    }
}
