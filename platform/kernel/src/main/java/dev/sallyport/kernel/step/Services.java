package dev.sallyport.kernel.step;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.DiscoveryFactory;
import dev.sallyport.api.Store;
import dev.sallyport.api.StoreFactory;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.config.Binder;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.KeyPlace;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds or makes the services of one new generation, as {@link Steps} does with filters: those that the serving generation
 * has already, under the same key, and new ones from their plugins. For one compile, on the deploying thread.
 */
public final class Services {

    /** With a store that answers, the first request is counted in it already. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final StepServices shared;
    private final Plugins plugins;
    private final Map<StepKey, ServiceInstance> serving;
    private final Path folder;
    private final Map<String, ServiceInstance> taken = new LinkedHashMap<>();
    private final Map<String, Store> missing = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<Artefact, String> failed = new LinkedHashMap<>();
    private final List<ServiceInstance> created = new ArrayList<>();

    /**
     * @param serving the instances of the generation that serves
     * @param folder the main file's: the files of places are relative to it
     */
    public Services(StepServices shared, Plugins plugins, Map<StepKey, ServiceInstance> serving, Path folder) {
        this.shared = shared;
        this.plugins = plugins;
        this.serving = serving;
        this.folder = folder;
    }

    /** What went wrong so far. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** The artefacts whose code failed, as opposed to refused its settings, and how. */
    public Map<Artefact, String> failed() {
        return failed;
    }

    /** All that was taken so far, by name. */
    public Map<String, ServiceInstance> taken() {
        return taken;
    }

    /** How many of them are new. */
    public int created() {
        return created.size();
    }

    /** Takes a service for the new generation, which is to let it go; where it cannot be made, that is a problem then. */
    public void take(ServiceConfig service, Artefact artefact) {
        String state = service.type() + "/" + service.name();
        StepKey key = new StepKey(
                state,
                artefact.sha256(),
                new ConfigDigest().add(service.config()).hex());
        ServiceInstance instance = serving.get(key);
        if (instance == null) {
            instance = create(service, artefact, key);
            if (instance == null) {
                return;
            }
            created.add(instance);
        }
        instance.retain();
        taken.put(service.name(), instance);
    }

    /** Waits until what is new is ready, but not for long; for all of them at the same time. */
    public void awaitNew() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (created.stream().anyMatch(service -> service.trouble() != null) && System.nanoTime() < end) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable ServiceInstance create(ServiceConfig service, Artefact artefact, StepKey key) {
        LoadedArtefact loaded = null;
        ServiceInstance made = null;
        try {
            loaded = plugins.acquire(artefact);
            loaded.link();
            made = create(service, loaded, key);
        } catch (ConfigException e) {
            problem(service, e.key(), e.reason());
        } catch (PluginException e) {
            problem(service, "", String.valueOf(e.getMessage()));
            failed.put(artefact, String.valueOf(e.getMessage()));
        } finally {
            if (loaded != null && made == null) {
                plugins.release(loaded);
            }
        }
        return made;
    }

    /** Null where the settings do not bind, which the problems say then. */
    private @Nullable ServiceInstance create(ServiceConfig service, LoadedArtefact loaded, StepKey key)
            throws PluginException {
        String type = service.type();
        boolean store = loaded.artefact().offers("store", type);
        Class<? extends Record> settings = store ? loaded.storeRecord(type) : loaded.discoveryRecord(type);
        Record config = new Binder().bind(service.config(), settings, name(service), folder, this::refused);
        if (config == null) {
            return null;
        }
        StepContext context = new StepContext(
                "",
                service.name(),
                key.state(),
                type,
                shared,
                loaded,
                new Leases(),
                new ConsumerCredentials(new ConfiguredConsumers(List.of()), Map.of(), folder, problems));
        boolean done = false;
        try {
            Plugins from = plugins; // not this: it would keep the instances of the generation before
            Runnable afterClose = () -> from.release(loaded);
            ServiceInstance made = store
                    ? ServiceInstance.of(key, store(service, config, loaded, context), context, loaded, afterClose)
                    : ServiceInstance.of(key, discovery(service, config, loaded, context), context, loaded, afterClose);
            done = true;
            return made;
        } finally {
            if (!done) {
                context.close();
            }
        }
    }

    private static Discovery discovery(ServiceConfig service, Record config, LoadedArtefact loaded, StepContext context)
            throws PluginException {
        @SuppressWarnings("unchecked") // the record was bound to the factory's own type
        DiscoveryFactory<Record> factory = (DiscoveryFactory<Record>) loaded.discoveryFactory(service.type());
        return made(
                loaded.call("making " + name(service), () -> factory.create(config, context)),
                service,
                loaded,
                "a discovery");
    }

    private static Store store(ServiceConfig service, Record config, LoadedArtefact loaded, StepContext context)
            throws PluginException {
        @SuppressWarnings("unchecked") // the record was bound to the factory's own type
        StoreFactory<Record> factory = (StoreFactory<Record>) loaded.storeFactory(service.type());
        return made(
                loaded.call("making " + name(service), () -> factory.create(config, context)),
                service,
                loaded,
                "a store");
    }

    private static <T> T made(@Nullable T made, ServiceConfig service, LoadedArtefact loaded, String expected)
            throws PluginException {
        if (made == null) {
            throw new PluginException(
                    loaded + ": create returned null for " + name(service) + " (expected: " + expected + ")");
        }
        return made;
    }

    /** Does without a service, since no plugin offers its type now: to steps that have it as their store, it is away. */
    public void miss(ServiceConfig service, String why) {
        missing.put(service.name(), new MissingStore("the store " + service.name() + " is away: " + why));
    }

    /** The stores among what was taken so far, by name. */
    public Map<String, Store> stores() {
        Map<String, Store> stores = new HashMap<>(missing);
        taken.forEach((name, service) -> {
            Store store = service.store();
            if (store != null) {
                stores.put(name, store);
            }
        });
        return stores;
    }

    private static String name(ServiceConfig service) {
        return "service " + service.name();
    }

    /** What there is to warn of in settings was told when they were read. */
    private void refused(ConfigProblem problem) {
        if (problem.severity() == ConfigProblem.Severity.ERROR) {
            problems.add(problem);
        }
    }

    private void problem(ServiceConfig service, String key, String reason) {
        String path = name(service) + (key.isEmpty() ? "" : ": " + key);
        problems.add(new ConfigProblem(ConfigProblem.Severity.ERROR, KeyPlace.of(service.config(), key), path, reason));
    }
}
