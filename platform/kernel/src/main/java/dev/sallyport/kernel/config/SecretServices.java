package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.SecretLookup.UnknownSecretException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The services of the main file that give secrets. They are known before all else is resolved, so what they themselves, and
 * what is read before any plugin is, refer to comes from variables and files alone.
 */
final class SecretServices {

    private static final String POINT = "secret-source";

    private final TypeCatalog types;
    private final SecretLookup lookup;
    private final Map<String, ServiceConfig> byName = new LinkedHashMap<>();
    private final Set<String> closed = new HashSet<>(List.of("version", "source", "folders", "trust", "include"));
    private final Set<String> used = new TreeSet<>();

    private SecretServices(TypeCatalog types, SecretLookup lookup) {
        this.types = types;
        this.lookup = lookup;
    }

    /**
     * Finds them.
     *
     * @param written the main file, its references not resolved
     * @param resolve puts in the references of one service
     */
    static SecretServices of(
            ConfigNode written, UnaryOperator<ConfigNode> resolve, TypeCatalog types, SecretLookup lookup) {
        SecretServices found = new SecretServices(types, lookup);
        Set<String> offered = types.names(POINT);
        if (written instanceof ConfigNode.Mapping root
                && root.get("services") instanceof ConfigNode.Sequence services) {
            for (int i = 0; i < services.items().size(); i++) {
                if (services.items().get(i) instanceof ConfigNode.Mapping service) {
                    String type = service.entries().keySet().stream()
                            .filter(offered::contains)
                            .findFirst()
                            .orElse(null);
                    if (type != null) {
                        found.closed.add("services[" + i + "]");
                        found.add(type, resolve.apply(service));
                    }
                }
            }
        }
        return found;
    }

    private void add(String type, ConfigNode resolved) {
        if (resolved instanceof ConfigNode.Mapping service && service.get("name") instanceof ConfigNode.Scalar name) {
            ConfigNode.Entry settings = service.entries().get(type);
            if (settings == null) {
                return;
            }
            String version = service.get("version") instanceof ConfigNode.Scalar given ? given.text() : null;
            byName.putIfAbsent(
                    name.text(),
                    new ServiceConfig(
                            name.text(), type, StepShape.settings(settings.value()), version, service.place()));
        }
    }

    /** Whether what stands at that key is read before secrets are there. */
    boolean isClosed(String key) {
        return closed.stream()
                .anyMatch(each -> key.equals(each) || key.startsWith(each + ".") || key.startsWith(each + "["));
    }

    /** The names of those that were asked. */
    Set<String> used() {
        return used;
    }

    /**
     * What a reference stands for.
     *
     * @param reference a service's name, a slash, and a key
     */
    String value(String reference) throws UnknownSecretException {
        int slash = reference.indexOf('/');
        String name = slash < 0 ? reference : reference.substring(0, slash);
        ServiceConfig service = byName.get(name);
        if (service == null) {
            throw new UnknownSecretException("(expected: the name of a service of the main file that gives secrets: "
                    + Suggestion.list(byName.keySet()) + "); "
                    + Suggestion.mend(name, byName.keySet(), "define it under services"));
        }
        if (slash < 0 || slash == reference.length() - 1) {
            throw new UnknownSecretException("(expected: ${secret:" + name + "/KEY}); name the secret");
        }
        used.add(name);
        return lookup.secret(service, types, reference.substring(slash + 1));
    }
}
