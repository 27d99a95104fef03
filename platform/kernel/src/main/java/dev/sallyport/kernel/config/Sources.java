package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the records of one reading came from, so that what is found later still names the key and its place. */
public final class Sources {

    private static final Pattern PARTS = Pattern.compile("[.\\[]");

    private final Map<Place, Source> sources = new HashMap<>();

    /** The records of files that were bound apart, by the file's name. */
    private final Map<String, Sources> files = new LinkedHashMap<>();

    private final List<Step> steps = new ArrayList<>();
    private final List<CredentialConfig> credentials = new ArrayList<>();
    private final List<ServiceConfig> services = new ArrayList<>();
    private final Map<Place, Set<String>> clashes = new HashMap<>();

    Sources() {}

    /** A bound value: its path of keys, and what was written. */
    record Source(String key, ConfigNode node) {}

    void add(String key, ConfigNode node) {
        sources.putIfAbsent(node.place(), new Source(key, node));
    }

    /** Adds what came from a file, which has been bound apart. */
    void add(String file, Sources own) {
        files.put(file, own);
        credentials.addAll(own.credentials);
        services.addAll(own.services);
    }

    /** Notes that what is refused there cannot stand with what stands elsewhere. */
    void clash(Place refused, Place other) {
        clashes.computeIfAbsent(refused, place -> new HashSet<>()).add(other.file());
    }

    /** The files with which what is refused there cannot stand. */
    Set<String> clashes(Place refused) {
        return clashes.getOrDefault(refused, Set.of());
    }

    <T extends Step> T add(T step) {
        steps.add(step);
        return step;
    }

    CredentialConfig add(CredentialConfig credential) {
        credentials.add(credential);
        return credential;
    }

    ServiceConfig add(ServiceConfig service) {
        services.add(service);
        return service;
    }

    /** All services that were bound, also those of records that were not. */
    List<ServiceConfig> services() {
        return services;
    }

    /** All steps that were bound, also those of records that were not. */
    List<Step> steps() {
        List<Step> all = new ArrayList<>(steps);
        files.values().forEach(file -> all.addAll(file.steps));
        return all;
    }

    /** Those of them that no file has which was bound apart. */
    List<Step> ownSteps() {
        return steps;
    }

    /** All credentials that were bound, also those of records that were not. */
    List<CredentialConfig> credentials() {
        return credentials;
    }

    /** The path of keys of the record that stands there. */
    public String key(Place place) {
        Source source = source(place);
        return source == null ? "" : source.key();
    }

    /** The node at a path such as {@code match.paths[1]} below the record that stands there; null where there is none. */
    public @Nullable ConfigNode node(Place place, String path) {
        Source source = source(place);
        return source == null ? null : find(source.node(), path);
    }

    private @Nullable Source source(Place place) {
        Source source = sources.get(place);
        Sources own = source == null ? files.get(place.file()) : null;
        return own == null ? source : own.sources.get(place);
    }

    /** The node at a path such as {@code in.header} or {@code cidrs[1]}; null where there is none. */
    static @Nullable ConfigNode find(ConfigNode from, String path) {
        ConfigNode.Entry alone =
                from instanceof ConfigNode.Mapping keys ? keys.entries().get(path) : null;
        if (alone != null) {
            return alone.value(); // one key, as mostly: there is nothing to take apart
        }
        ConfigNode node = from;
        for (String key : PARTS.split(path, 0)) {
            if (key.isEmpty()) {
                continue;
            }
            if (node instanceof ConfigNode.Mapping mapping) {
                ConfigNode.Entry entry = mapping.entries().get(key);
                if (entry == null) {
                    return null;
                }
                node = entry.value();
            } else if (node instanceof ConfigNode.Sequence list && key.matches("\\d{1,6}]")) {
                int index = Integer.parseInt(key.substring(0, key.length() - 1));
                if (index >= list.items().size()) {
                    return null;
                }
                node = list.items().get(index);
            } else {
                return null;
            }
        }
        return node;
    }

    /** The path of a key below another path. */
    public static String join(String parent, String key) {
        return parent.isEmpty() ? key : key.isEmpty() ? parent : parent + (key.startsWith("[") ? "" : ".") + key;
    }
}
