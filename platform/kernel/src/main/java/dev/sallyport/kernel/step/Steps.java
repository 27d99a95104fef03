package dev.sallyport.kernel.step;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.kernel.config.Binder;
import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.CredentialConfig;
import dev.sallyport.kernel.config.GatewayConfig;
import dev.sallyport.kernel.config.ResolvedRoute.ResolvedStep;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.LoadedArtefact;
import dev.sallyport.kernel.plugin.Plugins;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Finds or makes the filters of one new generation: those that the serving generation has already, under the same key, and
 * new ones from their plugins. For one compile, on the deploying thread.
 */
public final class Steps {

    private static final long CREATE_SECONDS = 10;

    private final StepServices services;
    private final Plugins plugins;
    private final Map<LoadedArtefact, Leases> leases;
    private final List<GatewayConfig.ConsumerConfig> consumers;
    private final Map<StepKey, StepInstance> serving;
    private final Map<StepKey, StepInstance> taken = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int created;

    /**
     * @param leases what the steps of each loaded plugin share; kept from compile to compile
     * @param serving the instances of the generation that serves
     */
    public Steps(
            StepServices services,
            Plugins plugins,
            Map<LoadedArtefact, Leases> leases,
            List<GatewayConfig.ConsumerConfig> consumers,
            Map<StepKey, StepInstance> serving) {
        this.services = services;
        this.plugins = plugins;
        this.leases = leases;
        this.consumers = consumers;
        this.serving = serving;
    }

    /** What went wrong so far. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** All instances taken so far, each once. */
    public List<StepInstance> taken() {
        return List.copyOf(taken.values());
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
        String state = step.type() + "/" + (step.share() != null ? step.share() : place + "/" + resolved.id());
        StepKey key = new StepKey(state, artefact.sha256(), digest(step.config(), artefact));
        StepInstance instance = taken.get(key);
        if (instance != null) {
            return instance;
        }
        instance = serving.get(key);
        if (instance == null || !instance.isCurrent()) {
            try {
                instance = create(place, resolved, artefact, key);
                created++;
            } catch (ConfigException e) {
                problem(resolved, e.key(), e.reason());
                return null;
            } catch (Exception e) {
                problem(resolved, "", "cannot be made: " + e.getMessage());
                return null;
            }
        }
        instance.retain();
        taken.put(key, instance);
        return instance;
    }

    /** Lets go of all that was taken, when the generation does not come to be. */
    public void discard() {
        taken.values().forEach(StepInstance::release);
        taken.clear();
    }

    private StepInstance create(String place, ResolvedStep resolved, Artefact artefact, StepKey key) throws Exception {
        var step = resolved.step();
        LoadedArtefact loaded = plugins.acquire(artefact);
        StepContext context = null;
        boolean done = false;
        try {
            Binder.Bound<? extends Record> bound = Binder.bind(step.config(), loaded.configType(step.type()));
            if (!bound.problems().isEmpty()) {
                problems.addAll(bound.problems());
                throw new ConfigException("", "its settings do not bind");
            }
            Leases shared = leases.computeIfAbsent(loaded, fresh -> new Leases());
            context = new StepContext(
                    place, resolved.id(), key.state(), step.type(), services, shared, credentials(loaded));
            Filter filter = create(loaded, step.type(), bound.value(), context);
            context.created();
            done = true;
            return new StepInstance(key, filter, context, loaded.classLoader(), () -> release(loaded, shared));
        } finally {
            if (!done) {
                if (context != null) {
                    context.close();
                }
                plugins.release(loaded);
            }
        }
    }

    private void release(LoadedArtefact loaded, Leases shared) {
        if (shared.isEmpty()) {
            leases.remove(loaded, shared);
        }
        plugins.release(loaded);
    }

    /** Calls the plugin on a thread of its own, so that one that hangs does not hang the gateway. */
    @SuppressWarnings("unchecked") // the record was bound to the factory's own type
    private static Filter create(LoadedArtefact loaded, String type, Record config, StepContext context)
            throws Exception {
        FilterFactory<Record> factory = (FilterFactory<Record>) loaded.factory(type);
        FutureTask<Filter> task = new FutureTask<>(() -> factory.create(config, context));
        Thread thread = Thread.ofPlatform().daemon().name("create " + type).unstarted(task);
        thread.setContextClassLoader(loaded.classLoader());
        thread.start();
        try {
            Filter filter = task.get(CREATE_SECONDS, TimeUnit.SECONDS);
            if (filter == null) {
                throw new IllegalStateException("the plugin's create returned null (expected: a filter)");
            }
            return filter;
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new IllegalStateException(
                    "the plugin's create took longer than " + CREATE_SECONDS + "s (expected: less)");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConfigException refused) {
                throw new ConfigException(
                        refused.key(), refused.reason()); // a copy: the plugin's keeps its class loader
            }
            throw new IllegalStateException("the plugin's create failed: " + e.getCause());
        }
    }

    private StepContext.Credentials credentials(LoadedArtefact loaded) {
        return new StepContext.Credentials() {
            @Override
            public <C extends Record> List<Credential<C>> of(Class<C> type) {
                List<Credential<C>> found = new ArrayList<>();
                for (GatewayConfig.ConsumerConfig consumer : consumers) {
                    Consumer who = new Consumer(consumer.name(), consumer.groups(), consumer.tags());
                    for (CredentialConfig credential : consumer.credentials()) {
                        if (type.equals(loaded.credentialType(credential.type()))) {
                            Binder.Bound<C> bound = Binder.bind(credential.config(), type);
                            problems.addAll(bound.problems());
                            if (bound.problems().isEmpty()) {
                                found.add(new Credential<>(who, bound.value()));
                            }
                        }
                    }
                }
                return found;
            }
        };
    }

    /** Settings and, where the plugin has credentials, all of those: a step that keeps them is made anew when they change. */
    private String digest(ConfigNode config, Artefact artefact) {
        ConfigDigest digest = new ConfigDigest().add(config);
        for (GatewayConfig.ConsumerConfig consumer : consumers) {
            for (CredentialConfig credential : consumer.credentials()) {
                if (artefact.offers("credential", credential.type())) {
                    digest.add("c", consumer.name())
                            .add("g", consumer.groups().toString())
                            .add("t", consumer.tags().toString())
                            .add(credential.config());
                }
            }
        }
        return digest.hex();
    }

    private void problem(ResolvedStep resolved, String key, String reason) {
        var step = resolved.step();
        String path = resolved.context() + ", step " + resolved.id() + (key.isEmpty() ? "" : ": " + key);
        problems.add(new ConfigProblem(
                ConfigProblem.Severity.ERROR, Binder.place(step.config(), key, step.place()), path, reason));
    }
}
