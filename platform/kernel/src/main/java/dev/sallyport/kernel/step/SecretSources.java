package dev.sallyport.kernel.step;

import dev.sallyport.kernel.config.ConfigProblem;
import dev.sallyport.kernel.config.SecretLookup;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.config.TypeCatalog;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.step.OpenServices.NotMadeException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Asks services for the secrets that configurations refer to: while one is read, which is before any generation has its
 * services, and again from time to time for what serves. For one thread at a time, that which deploys, but for the watch, which
 * has its own.
 */
public final class SecretSources implements SecretLookup, AutoCloseable {

    /** The point at which their types are offered. */
    static final String POINT = "secret-source";

    /** How many are kept that nothing that serves has: those of changes that are only planned. */
    private static final int MOST_HELD = 8;

    private static final long LOOK_MILLIS = 250;

    private final OpenServices open;

    /** Those that readings have asked since something came of one. */
    private final Map<StepKey, ServiceInstance> asked = new LinkedHashMap<>();

    private volatile List<GivenSecrets> serving = List.of();
    private volatile boolean closed;

    /** @param open where the sources are, or come to be */
    public SecretSources(OpenServices open) {
        this.open = open;
    }

    /**
     * Asks the sources of what serves from time to time.
     *
     * @param onChange called, on a thread of its own, when a secret has changed; with a sentence for the log
     */
    public void watch(Consumer<String> onChange) {
        Thread.ofPlatform().daemon().name("watch secrets").start(() -> {
            while (!closed) {
                try {
                    Thread.sleep(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
                if (serving.stream().map(GivenSecrets::hasChanged).reduce(false, Boolean::logicalOr)) {
                    onChange.accept("a secret changed");
                }
            }
        });
    }

    @Override
    public String secret(ServiceConfig source, TypeCatalog types, String key) throws UnknownSecretException {
        Artefact artefact = types instanceof Catalogue catalogue
                ? catalogue.artefact(POINT, source.type(), source.version())
                : null;
        if (artefact == null) {
            throw new UnknownSecretException("(expected: a plugin that offers the type " + source.type()
                    + " of the service " + source.name() + "); put its jar into the plugins folder");
        }
        try {
            return given(open.take(source, artefact)).secret(key);
        } catch (NotMadeException e) {
            throw new UnknownSecretException("(expected: that the service " + source.name() + " can be made); "
                    + e.problems().stream().map(SecretSources::text).collect(Collectors.joining("; ")));
        }
    }

    private static String text(ConfigProblem problem) {
        return problem.key() + ": " + problem.message();
    }

    /** Holds it until something has come of the reading that asks. */
    private GivenSecrets given(ServiceInstance taken) {
        if (asked.putIfAbsent(taken.key(), taken) != null) {
            taken.release();
        }
        if (asked.size() > MOST_HELD) {
            Iterator<ServiceInstance> oldest = asked.values().iterator();
            oldest.next().release();
            oldest.remove();
        }
        return Objects.requireNonNull(taken.secrets(), "a service of that point gives secrets");
    }

    /**
     * A change was carried through or refused, and these services serve: what else readings have asked is let go.
     *
     * @param services those of the generation, which holds them
     */
    public void serves(Collection<ServiceInstance> services) {
        serving = services.stream()
                .map(ServiceInstance::secrets)
                .filter(Objects::nonNull)
                .toList();
        serving.forEach(GivenSecrets::taken);
        letGo();
    }

    private void letGo() {
        asked.values().forEach(ServiceInstance::release);
        asked.clear();
    }

    @Override
    public void close() {
        closed = true;
        letGo();
    }
}
