package dev.sallyport.kernel.step;

import dev.sallyport.api.AdminPages;
import dev.sallyport.api.SecretSource;
import dev.sallyport.api.ServiceFactory;
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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services that are open, of any kind: one for each key. Who takes one holds it until it lets it go, be that a generation or,
 * before there is one, a reading of the configuration that needs its secrets. For one thread at a time, that which deploys.
 */
public final class OpenServices {

    private static final String PAGES = "admin-pages";

    private final Supplier<StepServices> shared;
    private final Plugins plugins;
    private final Path folder;
    private final ForbiddenPaths forbidden;
    private final Map<StepKey, ServiceInstance> open = new HashMap<>();

    /**
     * @param shared what they are lent; asked for once there is a service
     * @param folder the main file's: the files of places are relative to it
     * @param data the gateway's state
     */
    public OpenServices(Supplier<StepServices> shared, Plugins plugins, Path folder, Path data) {
        this.shared = shared;
        this.plugins = plugins;
        this.folder = folder;
        forbidden = new ForbiddenPaths(folder, data);
    }

    /** A service cannot be made. */
    static final class NotMadeException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient List<ConfigProblem> problems;
        private final @Nullable String failure;

        NotMadeException(List<ConfigProblem> problems, @Nullable String failure) {
            super(problems.toString());
            this.problems = problems;
            this.failure = failure;
        }

        /** Why, at least one. */
        List<ConfigProblem> problems() {
            return problems;
        }

        /** How the plugin's code failed, as opposed to refused its settings; null where it did not. */
        @Nullable
        String failure() {
            return failure;
        }
    }

    /** The service as it is open, or opened now; for the taker to {@linkplain ServiceInstance#release let go}. */
    ServiceInstance take(ServiceConfig service, Artefact artefact) throws NotMadeException {
        StepKey key = new StepKey(
                service.type() + "/" + service.name(),
                artefact.sha256(),
                new ConfigDigest().add(service.config()).hex());
        ServiceInstance instance = open.get(key);
        if (instance == null) {
            instance = make(service, artefact, key);
            open.put(key, instance);
        }
        instance.retain();
        return instance;
    }

    private ServiceInstance make(ServiceConfig service, Artefact artefact, StepKey key) throws NotMadeException {
        LoadedArtefact loaded = null;
        ServiceInstance made = null;
        try {
            loaded = plugins.acquire(artefact);
            loaded.link();
            made = make(service, loaded, key);
            return made;
        } catch (ConfigException e) {
            throw new NotMadeException(List.of(problem(service, e.key(), e.reason())), null);
        } catch (PluginException e) {
            String failure = String.valueOf(e.getMessage());
            throw new NotMadeException(List.of(problem(service, "", failure)), failure);
        } finally {
            if (loaded != null && made == null) {
                plugins.release(loaded);
            }
        }
    }

    private ServiceInstance make(ServiceConfig service, LoadedArtefact loaded, StepKey key)
            throws PluginException, NotMadeException {
        Record config = bind(service, loaded.serviceRecord(service.type()));
        @SuppressWarnings("unchecked") // the record was bound to the factory's own type
        ServiceFactory<Record, ?> factory = (ServiceFactory<Record, ?>) loaded.serviceFactory(service.type());
        if (loaded.artefact().offers(SecretSources.POINT, service.type())) {
            forbidden.refuse(config);
        }
        StepContext context = new StepContext(
                "",
                service.name(),
                key.state(),
                service.type(),
                shared.get(),
                loaded,
                new Leases(),
                new ConsumerCredentials(new ConfiguredConsumers(List.of()), Map.of(), folder, new ArrayList<>()));
        boolean done = false;
        try {
            Object made = loaded.call("making " + name(service), () -> factory.create(config, context));
            if (made == null) {
                throw new PluginException(
                        loaded + ": create returned null for " + name(service) + " (expected: a service)");
            }
            if (made instanceof SecretSource source) {
                Duration askAgain = loaded.call("asking how often to ask " + name(service), source::askAgain);
                made = new GivenSecrets(service.name(), source, loaded, askAgain);
            }
            if (made instanceof AdminPages pages) {
                made = pages(service, pages, loaded);
            }
            ServiceInstance instance = new ServiceInstance(key, made, context, loaded, () -> {
                open.remove(key);
                plugins.release(loaded);
            });
            done = true;
            return instance;
        } finally {
            if (!done) {
                context.close();
            }
        }
    }

    /** Pages are power over the gateway: the jar is permitted what it declares, and what it makes is not taken for more. */
    private static GivenPages pages(ServiceConfig service, AdminPages pages, LoadedArtefact loaded)
            throws PluginException {
        if (!loaded.artefact().offers(PAGES, service.type())) {
            throw new PluginException(loaded + ": create returned pages for " + name(service)
                    + " (expected: nothing that is AdminPages, for its type is declared as something else)");
        }
        return new GivenPages(service.name(), pages, loaded);
    }

    private Record bind(ServiceConfig service, Class<? extends Record> type) throws NotMadeException {
        List<ConfigProblem> problems = new ArrayList<>();
        Record config = new Binder().bind(service.config(), type, name(service), folder, problem -> {
            // What there is to warn of in settings was told when they were read.
            if (problem.severity() == ConfigProblem.Severity.ERROR) {
                problems.add(problem);
            }
        });
        if (config == null) {
            throw new NotMadeException(problems, null);
        }
        return config;
    }

    private static String name(ServiceConfig service) {
        return "service " + service.name();
    }

    private static ConfigProblem problem(ServiceConfig service, String key, String reason) {
        String path = name(service) + (key.isEmpty() ? "" : ": " + key);
        return new ConfigProblem(ConfigProblem.Severity.ERROR, KeyPlace.of(service.config(), key), path, reason);
    }
}
