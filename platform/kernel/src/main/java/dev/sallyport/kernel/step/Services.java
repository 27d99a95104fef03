package dev.sallyport.kernel.step;

import dev.sallyport.api.Store;
import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.step.OpenServices.NotMadeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the services of one new generation, as {@link Steps} does with filters. For one compile, on the deploying thread.
 */
public final class Services {

    /** With a store that answers, the first request is counted in it already. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final OpenServices open;
    private final Map<String, ServiceInstance> taken = new LinkedHashMap<>();
    private final Map<String, Store> missing = new HashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<Artefact, String> failed = new LinkedHashMap<>();

    /** @param open where they are, or come to be */
    public Services(OpenServices open) {
        this.open = open;
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

    /** Takes a service for the new generation, which is to let it go; where it cannot be made, that is a problem then. */
    public void take(ServiceConfig service, Artefact artefact) {
        try {
            taken.put(service.name(), open.take(service, artefact));
        } catch (NotMadeException e) {
            problems.addAll(e.problems());
            String failure = e.failure();
            if (failure != null) {
                failed.put(artefact, failure);
            }
        }
    }

    /** Waits until what is new is ready, but not for long; for all of them at the same time. */
    public void awaitNew() {
        List<ServiceInstance> fresh =
                taken.values().stream().filter(ServiceInstance::beginToAwait).toList();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (fresh.stream().anyMatch(service -> service.trouble() != null) && System.nanoTime() < end) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
}
