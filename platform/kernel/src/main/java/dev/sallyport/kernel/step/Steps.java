package dev.sallyport.kernel.step;

import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Store;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.config.Binder;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.KeyPlace;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.config.StepKeys;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.PluginException;
import dev.sallyport.kernel.plugin.Plugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds or makes the filters of one new generation: those that the serving generation has already, under the same key, and
 * new ones from their plugins. For one compile, on the deploying thread.
 */
public final class Steps {

    private static final System.Logger LOG = System.getLogger("plugin");

    /** At the end of a key: what a monitored step counts is kept apart from what it would count if it were enforced. */
    static final String MONITORED = ":monitor";

    private final StepServices services;
    private final Plugins plugins;
    private final Map<LoadedArtefact, Leases> leases;
    private final ConfiguredConsumers consumers;
    private final Map<StepKey, StepInstance> serving;
    private final Path folder;
    private final Map<StepKey, StepInstance> taken;
    private final Map<String, Set<StepInstance>> byPlace = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<Artefact, String> failed = new LinkedHashMap<>();
    private final Map<String, Optional<Set<String>>> ownedWhileOff = new HashMap<>();
    private final Binder binder = new Binder();
    private final Digests digests;
    private final IdentityHashMap<Artefact, String> credentials =
            new IdentityHashMap<>(); // a few objects, asked for by every step
    private int created;

    /**
     * @param stores those of the new generation, beside the ones that are always there
     * @param leases what the steps of each loaded plugin share; kept from compile to compile
     * @param serving the instances of the generation that serves
     * @param folder the main file's: the files of places are relative to it
     * @param digests kept from compile to compile
     */
    public Steps(
            StepServices services,
            Map<String, Store> stores,
            Plugins plugins,
            Map<LoadedArtefact, Leases> leases,
            List<GatewayConfig.ConsumerConfig> consumers,
            Map<StepKey, StepInstance> serving,
            Path folder,
            Digests digests) {
        this.digests = digests;
        this.services = services.withStores(stores);
        this.plugins = plugins;
        this.leases = leases;
        this.consumers = new ConfiguredConsumers(consumers);
        this.serving = serving;
        taken = HashMap.newHashMap(serving.size());
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

    /** All instances taken so far, by their keys. */
    public Map<StepKey, StepInstance> taken() {
        return taken;
    }

    /** The same by the places that they were taken for. */
    public Map<String, Set<StepInstance>> byPlace() {
        return byPlace;
    }

    /** How many of them are new. */
    public int created() {
        return created;
    }

    /**
     * The filter of a step; null where it could not be made, which is a problem then.
     *
     * @param place what the step belongs to: the route's name, {@code *}, or {@code upstream:} and a name
     * @param artefact the version of its plugin that serves it
     */
    public @Nullable StepInstance take(String place, ResolvedStep resolved, Artefact artefact) {
        var step = resolved.step();
        boolean monitored = step.keys().mode() == StepKeys.Mode.MONITOR;
        String state =
                step.type() + "/" + (step.keys().share() != null ? step.keys().share() : place + "/" + resolved.id())
                        + (monitored ? MONITORED : "");
        StepKey key = new StepKey(state, artefact.sha256(), digest(step.config(), artefact));
        StepInstance instance = taken.get(key);
        if (instance == null) {
            instance = serving.get(key);
            if (instance == null || !instance.isCurrent(services.stores(), consumers::consumer)) {
                instance = create(place, resolved, artefact, key);
                if (instance == null) {
                    return null;
                }
                created++;
            }
            instance.retain();
            taken.put(key, instance);
        }
        byPlace.merge(place, Set.of(instance), Steps::union);
        return instance;
    }

    /**
     * Takes the instances that a place has in the generation that serves, all of whose steps are written as they were.
     *
     * @return false where one of them is to be made anew: then none was taken
     */
    public boolean takeAgain(String place, Set<StepInstance> instances) {
        for (StepInstance instance : instances) {
            StepInstance other = taken.get(instance.key());
            boolean isReplaced = other != null && other != instance; // by one that another place has with it
            if (isReplaced
                    || !hasCredentialsOf(instance)
                    || !instance.isCurrent(services.stores(), consumers::consumer)) {
                return false;
            }
        }
        for (StepInstance instance : instances) {
            if (taken.putIfAbsent(instance.key(), instance) == null) {
                instance.retain();
            }
        }
        if (!instances.isEmpty()) {
            byPlace.put(place, instances);
        }
        return true;
    }

    private boolean hasCredentialsOf(StepInstance instance) {
        String kept = credentials.computeIfAbsent(instance.artefact(), this::digestOfCredentials);
        return instance.key().config().substring(ConfigDigest.LENGTH).equals(kept.isEmpty() ? "" : "+" + kept);
    }

    /**
     * The headers that a step which is off would set, so that clients cannot set them in its place: it is made for that, and
     * let go at once. Null where it cannot be made, which is no problem: it is off.
     */
    public @Nullable Set<String> ownedWhileOff(String place, ResolvedStep resolved, Artefact artefact) {
        var step = resolved.step();
        String digest = digest(step.config(), artefact);
        return ownedWhileOff
                .computeIfAbsent(artefact.sha256() + digest, first -> {
                    int known = problems.size();
                    Set<Artefact> failedBefore = Set.copyOf(failed.keySet());
                    StepKey key = new StepKey(
                            step.type() + "/" + place + "/" + resolved.id() + ":off", artefact.sha256(), digest);
                    StepInstance instance = create(place, resolved, artefact, key);
                    problems.subList(known, problems.size()).clear();
                    failed.keySet().retainAll(failedBefore);
                    if (instance == null) {
                        return Optional.empty();
                    }
                    instance.retain();
                    Set<String> owned = instance.ownedHeaders();
                    instance.release();
                    return Optional.of(owned);
                })
                .orElse(null);
    }

    private static Set<StepInstance> union(Set<StepInstance> some, Set<StepInstance> others) {
        Set<StepInstance> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /** Lets go of all that was taken, when the generation does not come to be. */
    public void discard() {
        taken.values().forEach(StepInstance::release);
        taken.clear();
    }

    private @Nullable StepInstance create(String place, ResolvedStep resolved, Artefact artefact, StepKey key) {
        LoadedArtefact loaded = null;
        StepInstance made = null;
        try {
            loaded = plugins.acquire(artefact);
            loaded.link();
            made = create(place, resolved, loaded, key);
        } catch (ConfigException e) {
            problem(resolved, e.key(), e.reason());
        } catch (PluginException e) {
            problem(resolved, "", String.valueOf(e.getMessage()));
            failed.put(artefact, String.valueOf(e.getMessage()));
        } catch (Unbound told) {
            // the problems have it
        } finally {
            if (loaded != null && made == null) {
                plugins.release(loaded);
            }
        }
        return made;
    }

    private StepInstance create(String place, ResolvedStep resolved, LoadedArtefact loaded, StepKey key)
            throws PluginException {
        var step = resolved.step();
        Record config = bind(resolved, loaded.configRecord(step.type()));
        Leases shared = leases.computeIfAbsent(loaded, fresh -> new Leases());
        StepContext context = new StepContext(
                place,
                resolved.id(),
                key.state(),
                step.type(),
                services,
                loaded,
                shared,
                new ConsumerCredentials(consumers, credentialRecords(loaded), folder, problems));
        boolean done = false;
        try {
            @SuppressWarnings("unchecked") // the record was bound to the factory's own type
            FilterFactory<Record> factory = (FilterFactory<Record>) loaded.factory(step.type());
            Filter filter = loaded.call("making " + name(resolved), () -> factory.create(config, context));
            if (filter == null) {
                throw new PluginException(
                        loaded + ": create returned null for " + name(resolved) + " (expected: a filter)");
            }
            context.created();
            test(filter, resolved, loaded);
            done = true;
            return new StepInstance(key, filter, context, loaded, release(plugins, leases, loaded, shared));
        } finally {
            if (!done) {
                context.close();
            }
        }
    }

    /** Lets a new filter test itself, and closes one that fails: it never serves. */
    private static void test(Filter filter, ResolvedStep resolved, LoadedArtefact loaded) throws PluginException {
        if (Defaults.has(filter, "selfTest")) {
            return;
        }
        boolean passed = false;
        try {
            loaded.call("the self-test of " + name(resolved), () -> {
                filter.selfTest();
                return true;
            });
            passed = true;
        } finally {
            if (!passed) {
                close(filter, resolved, loaded);
            }
        }
    }

    private static void close(Filter filter, ResolvedStep resolved, LoadedArtefact loaded) {
        try {
            loaded.call("closing " + name(resolved), () -> {
                filter.close();
                return true;
            });
        } catch (PluginException | ConfigException e) {
            LOG.log(System.Logger.Level.WARNING, String.valueOf(e.getMessage()));
        }
    }

    private Record bind(ResolvedStep resolved, Class<? extends Record> type) {
        Record bound = binder.bind(resolved.step().config(), type, name(resolved), folder, this::refused);
        if (bound == null) {
            throw new Unbound();
        }
        return bound;
    }

    /** The settings do not bind, and the problems say so already. */
    private static final class Unbound extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Static: an instance that referred to its compile would keep the instances of the generation before it. */
    private static Runnable release(
            Plugins plugins, Map<LoadedArtefact, Leases> leases, LoadedArtefact loaded, Leases shared) {
        return () -> {
            if (shared.isEmpty()) {
                leases.remove(loaded, shared);
            }
            plugins.release(loaded);
        };
    }

    /** Asked for here, since a call into a plugin cannot stand in another one. */
    private static Map<String, Class<? extends Record>> credentialRecords(LoadedArtefact loaded)
            throws PluginException {
        Map<String, Class<? extends Record>> records = new HashMap<>();
        for (Artefact.Extension extension : loaded.artefact().extensions()) {
            if (extension.point().equals("credential")) {
                records.put(extension.type(), loaded.credentialRecord(extension.type()));
            }
        }
        return records;
    }

    private static String name(ResolvedStep resolved) {
        return resolved.context() + ", step " + resolved.id();
    }

    /** Settings and, where the plugin has credentials, all of those: a step that keeps them is made anew when they change. */
    private String digest(ConfigNode config, Artefact artefact) {
        String own = digests.of(config);
        String kept = credentials.computeIfAbsent(artefact, this::digestOfCredentials);
        return kept.isEmpty() ? own : own + "+" + kept;
    }

    /** {@code ""} where no consumer has any that the plugin offers. */
    private String digestOfCredentials(Artefact artefact) {
        ConfigDigest digest = new ConfigDigest();
        boolean any = false;
        for (GatewayConfig.ConsumerConfig consumer : consumers.all()) {
            for (CredentialConfig credential : consumer.credentials()) {
                if (artefact.offers("credential", credential.type())) {
                    any = true;
                    digest.add("c", consumer.name())
                            .add("g", consumer.groups().toString())
                            .add("t", consumer.tags().toString())
                            .add(credential.config());
                }
            }
        }
        return any ? digest.hex() : "";
    }

    /** What there is to warn of in settings was told when they were read. */
    private void refused(ConfigProblem problem) {
        if (problem.severity() == ConfigProblem.Severity.ERROR) {
            problems.add(problem);
        }
    }

    private void problem(ResolvedStep resolved, String key, String reason) {
        ConfigNode config = resolved.step().config();
        String path = name(resolved) + (key.isEmpty() ? "" : ": " + key);
        problems.add(new ConfigProblem(ConfigProblem.Severity.ERROR, KeyPlace.of(config, key), path, reason));
    }
}
