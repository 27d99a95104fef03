package dev.sallyport.kernel.step;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.ServiceContext;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.telemetry.Metric;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.script.LoadedScript;
import dev.sallyport.kernel.telemetry.StepMeter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What one step or service has been lent, and takes all of it back when it is closed. Thread-safe. */
final class StepContext implements FilterContext, ServiceContext, AutoCloseable {

    /** The consumers of the configuration, and their credentials by the record that they bind to. */
    interface Credentials {
        <C extends Record> List<Credential<C>> of(Class<C> type);

        @Nullable
        Consumer consumer(String name);
    }

    private static final Logger LOG = System.getLogger("plugin");
    private static final int MOST_ASKED_FOR = 100_000;

    private final String route;
    private final String step;
    private final String key;
    private final boolean monitored;
    private final Logger logger;
    private final StepServices services;
    private final LoadedArtefact plugin;
    private final Leases leases;
    private final Credentials credentials;
    private final StepMeter meter;

    private final List<AutoCloseable> onClose = new ArrayList<>();
    private final List<Object> leased = new ArrayList<>();
    private final Set<String> ownedHeaders = new LinkedHashSet<>();
    private final Map<String, LoadedScript> scripts = new LinkedHashMap<>();
    private final Map<String, Store> askedStores = new LinkedHashMap<>();
    /** Let go of after create: it has the stores of one generation, and the step may live on in others. */
    private Map<String, Store> stores;

    private final Map<String, Optional<Consumer>> askedFor = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService scheduler;
    private @Nullable ExecutorService threads;
    private boolean created;
    private boolean closed;

    StepContext(
            String route,
            String step,
            String key,
            String type,
            StepServices services,
            LoadedArtefact plugin,
            Leases leases,
            Credentials credentials) {
        this.route = route;
        this.step = step;
        this.key = key;
        this.logger = System.getLogger(type);
        this.services = services;
        this.stores = services.stores();
        this.plugin = plugin;
        this.leases = leases;
        this.credentials = credentials;
        monitored = key.endsWith(Steps.MONITORED);
        String enforced = monitored ? key.substring(0, key.length() - Steps.MONITORED.length()) : key;
        boolean shared = !enforced.equals(type + "/" + route + "/" + step);
        this.meter = services.telemetry()
                .lend(
                        new StepMeter.Step(
                                shared ? null : route,
                                shared ? enforced.substring(type.length() + 1) : step,
                                type,
                                plugin.artefact().version(),
                                monitored),
                        reading -> plugin.call("reading the metrics of " + key, reading));
    }

    @Override
    public String route() {
        return route;
    }

    @Override
    public String step() {
        return step;
    }

    /** A service has a name as a step has an id. */
    @Override
    public String name() {
        return step;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean monitored() {
        return monitored;
    }

    @Override
    public Clock clock() {
        return services.clock();
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public synchronized ScheduledExecutorService scheduler() {
        if (scheduler == null) {
            scheduler = Executors.newScheduledThreadPool(
                    1, Thread.ofVirtual().name(key, 0).factory());
            endWhereClosed(scheduler);
        }
        return scheduler;
    }

    @Override
    public synchronized ExecutorService threads() {
        if (threads == null) {
            threads = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name(key + " ", 0).factory());
            endWhereClosed(threads);
        }
        return threads;
    }

    /** Whoever asks for the first time after close gets one that takes no tasks. */
    private void endWhereClosed(ExecutorService lent) {
        if (closed) {
            lent.shutdownNow();
        }
    }

    @Override
    public synchronized <R extends AutoCloseable> R onClose(R resource) {
        if (closed) {
            throw new IllegalStateException("onClose: called after the step was closed (expected: before)");
        }
        onClose.add(resource);
        return resource;
    }

    @Override
    public Meter meter() {
        return meter.meter();
    }

    @Override
    public List<Metric> allMetrics() {
        return services.telemetry().metrics();
    }

    @Override
    public synchronized Store store(String name) {
        Store store = stores.get(name);
        if (store == null) {
            throw new ConfigException("store", name + " (expected: one of " + new TreeSet<>(stores.keySet()) + ")");
        }
        askedStores.put(name, store);
        return store;
    }

    @Override
    public Scripts scripts() {
        return services.scripts().forStep(logger, services.http(), script -> {
            synchronized (this) {
                scripts.put(script.file(), script);
            }
        });
    }

    @Override
    public HttpClient http() {
        return services.http().get();
    }

    @Override
    public Path dataFolder() {
        try {
            return Files.createDirectories(services.data().resolve(key.replaceAll("[^A-Za-z0-9._-]", "_")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public <T> T cpu(Callable<T> task) throws Exception {
        return services.cpu().run(task);
    }

    @Override
    @SuppressWarnings("unchecked") // the plugin that names a key also says what it opens
    public <R extends AutoCloseable> R lease(Object leaseKey, Callable<R> opener) throws Exception {
        AutoCloseable resource = leases.take(leaseKey, opener);
        synchronized (this) {
            leased.add(leaseKey);
        }
        return (R) resource;
    }

    @Override
    public <C extends Record> List<Credential<C>> credentials(Class<C> type) {
        return credentials.of(type);
    }

    @Override
    public @Nullable Consumer consumer(String name) {
        Consumer found = credentials.consumer(name);
        if (askedFor.size() < MOST_ASKED_FOR) {
            askedFor.putIfAbsent(name, Optional.ofNullable(found));
        }
        return found;
    }

    @Override
    public synchronized void ownHeader(String name) {
        if (created) {
            throw new IllegalStateException("ownHeader(" + name + "): called after create (expected: while it runs)");
        }
        ownedHeaders.add(name.toLowerCase(Locale.ROOT));
    }

    synchronized void created() {
        created = true;
        stores = askedStores;
    }

    synchronized Set<String> ownedHeaders() {
        return Set.copyOf(ownedHeaders);
    }

    /** The scripts that it has loaded. */
    synchronized List<LoadedScript> loadedScripts() {
        return scripts.isEmpty() ? List.of() : List.copyOf(scripts.values());
    }

    /**
     * Whether all that it has from outside of its settings is the same: the stores and the consumers that it has asked for,
     * and the scripts that it has loaded.
     *
     * @param storesNow those that there are, by name
     * @param consumersNow those that there are, by name
     */
    synchronized boolean isCurrent(Map<String, Store> storesNow, Function<String, @Nullable Consumer> consumersNow) {
        return areStoresCurrent(storesNow) && areConsumersCurrent(consumersNow) && areScriptsCurrent();
    }

    @SuppressWarnings("ReferenceEquality") // the very store: another one may be equal and is not shared
    private boolean areStoresCurrent(Map<String, Store> now) {
        return askedStores.isEmpty()
                || askedStores.entrySet().stream().allMatch(asked -> asked.getValue() == now.get(asked.getKey()));
    }

    private boolean areConsumersCurrent(Function<String, @Nullable Consumer> now) {
        if (askedFor.isEmpty()) {
            return true; // as of most steps, of which there are very many
        }
        return askedFor.size() < MOST_ASKED_FOR // else nobody knows for how many more
                && askedFor.entrySet().stream()
                        .allMatch(asked -> Objects.equals(asked.getValue().orElse(null), now.apply(asked.getKey())));
    }

    private boolean areScriptsCurrent() {
        return scripts.isEmpty()
                || scripts.values().stream().allMatch(loaded -> {
                    try {
                        return services.scripts().digest(loaded.file()).equals(loaded.digest());
                    } catch (RuntimeException gone) {
                        return false;
                    }
                });
    }

    @Override
    public void close() {
        List<AutoCloseable> toClose;
        List<Object> toGiveBack;
        synchronized (this) {
            closed = true;
            if (scheduler != null) {
                scheduler.shutdownNow();
            }
            if (threads != null) {
                threads.shutdownNow();
            }
            toClose = List.copyOf(onClose.reversed());
            onClose.clear();
            toGiveBack = List.copyOf(leased.reversed());
            leased.clear();
        }
        meter.close(); // before what its callbacks may look at
        toClose.forEach(this::close);
        if (!toGiveBack.isEmpty()) {
            asThePlugin("giving back what " + key + " was lent", () -> toGiveBack.forEach(leases::giveBack));
        }
    }

    /** Each in a call of its own: one that hangs keeps none of the others open. */
    private void close(AutoCloseable resource) {
        asThePlugin("closing what " + key + " gave to onClose", resource::close);
    }

    private interface Closing {
        void run() throws Exception;
    }

    private void asThePlugin(String what, Closing closing) {
        try {
            plugin.call(what, () -> {
                closing.run();
                return key;
            });
        } catch (PluginException | ConfigException e) {
            LOG.log(Logger.Level.WARNING, String.valueOf(e.getMessage()));
        }
    }
}
