package dev.sallyport.kernel.step;

import dev.sallyport.api.Credential;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Scripts;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.script.LoadedScript;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** What one step has been lent, and takes all of it back when it is closed. Thread-safe. */
final class StepContext implements FilterContext, AutoCloseable {

    /** The credentials of the configuration, by the record that they bind to. */
    interface Credentials {
        <C extends Record> List<Credential<C>> of(Class<C> type);
    }

    private final String route;
    private final String step;
    private final String key;
    private final Logger logger;
    private final StepServices services;
    private final Leases leases;
    private final Credentials credentials;

    private final List<Object> leased = new ArrayList<>();
    private final Set<String> ownedHeaders = new LinkedHashSet<>();
    private final Map<String, LoadedScript> scripts = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService scheduler;
    private boolean created;

    StepContext(
            String route,
            String step,
            String key,
            String type,
            StepServices services,
            Leases leases,
            Credentials credentials) {
        this.route = route;
        this.step = step;
        this.key = key;
        this.logger = System.getLogger(type);
        this.services = services;
        this.leases = leases;
        this.credentials = credentials;
    }

    @Override
    public String route() {
        return route;
    }

    @Override
    public String step() {
        return step;
    }

    @Override
    public String key() {
        return key;
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
        }
        return scheduler;
    }

    @Override
    public Store store(String name) {
        Store store = services.stores().get(name);
        if (store == null) {
            throw new ConfigException(
                    "store", name + " (expected: one of " + services.stores().keySet() + ")");
        }
        return store;
    }

    @Override
    public Scripts scripts() {
        return services.scripts().forStep(logger, script -> {
            synchronized (this) {
                scripts.put(script.file(), script);
            }
        });
    }

    @Override
    public HttpClient http() {
        return services.http();
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
    public synchronized void ownHeader(String name) {
        if (created) {
            throw new IllegalStateException("ownHeader(" + name + "): called after create (expected: while it runs)");
        }
        ownedHeaders.add(name.toLowerCase(Locale.ROOT));
    }

    synchronized void created() {
        created = true;
    }

    synchronized Set<String> ownedHeaders() {
        return Set.copyOf(ownedHeaders);
    }

    /** The scripts that it has loaded. */
    synchronized List<LoadedScript> loadedScripts() {
        return List.copyOf(scripts.values());
    }

    /** Whether the scripts that it has loaded still are what the folder has. */
    synchronized boolean isCurrent() {
        return scripts.values().stream().allMatch(loaded -> {
            try {
                return services.scripts().digest(loaded.file()).equals(loaded.digest());
            } catch (RuntimeException gone) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        List<Object> toGiveBack;
        synchronized (this) {
            if (scheduler != null) {
                scheduler.shutdownNow();
            }
            toGiveBack = List.copyOf(leased.reversed());
            leased.clear();
        }
        toGiveBack.forEach(leases::giveBack);
    }
}
