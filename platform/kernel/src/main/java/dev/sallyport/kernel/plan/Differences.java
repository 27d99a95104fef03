package dev.sallyport.kernel.plan;

import dev.sallyport.kernel.config.ConfigNode;
import dev.sallyport.kernel.config.ConfigNode.Entry;
import dev.sallyport.kernel.config.ConfigNode.Mapping;
import dev.sallyport.kernel.config.ConfigNode.Scalar;
import dev.sallyport.kernel.config.ConfigNode.Sequence;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.WrittenConfig;
import dev.sallyport.kernel.plan.Difference.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells how two configurations differ in what is written: part by part, and within a part key by key. The order of keys,
 * comments and quotes make no difference, nor that one value stands alone where a list may stand.
 */
public final class Differences {

    /** Lists whose items have names. */
    private static final Map<String, String> NAMED =
            Map.of("routes", "route", "listeners", "listener", "consumers", "consumer", "services", "service");

    private static final Map<String, String> MAPPED = Map.of("upstreams", "upstream", "chains", "chain");
    private static final Map<String, String> WORDS =
            Map.of("plugins", "the steps before routing", "defaults", "the default steps");

    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /** All differences, in the order of the sections in the new configuration. */
    public static List<Difference> between(WrittenConfig old, WrittenConfig now) {
        Differences differences = new Differences();
        Set<String> sections = new LinkedHashSet<>(now.root().entries().keySet());
        sections.addAll(old.root().entries().keySet());
        for (String section : sections) {
            differences.section(
                    section,
                    old.root().entries().get(section),
                    now.root().entries().get(section));
        }
        return differences.found;
    }

    private void section(String section, @Nullable Entry old, @Nullable Entry now) {
        ConfigNode before = old == null ? null : old.value();
        ConfigNode after = now == null ? null : now.value();
        String named = NAMED.get(section);
        String mapped = MAPPED.get(section);
        if (named != null) {
            parts(named, byName(before), byName(after));
        } else if (mapped != null) {
            parts(mapped, byKey(before), byKey(after));
        } else {
            part(WORDS.getOrDefault(section, section), old, now);
        }
    }

    private void parts(String word, Map<String, Entry> old, Map<String, Entry> now) {
        now.forEach((name, entry) -> part(word + " " + name, old.get(name), entry));
        old.forEach((name, entry) -> {
            if (!now.containsKey(name)) {
                part(word + " " + name, entry, null);
            }
        });
    }

    private void part(String name, @Nullable Entry old, @Nullable Entry now) {
        if (now == null) {
            if (old != null) {
                add(Kind.REMOVED, name, old.key(), Details.of(old.value(), null));
            }
        } else if (old == null) {
            add(Kind.ADDED, name, now.key(), Details.of(null, now.value()));
        } else {
            List<Difference.Detail> details = Details.of(old.value(), now.value());
            if (!details.isEmpty()) {
                add(Kind.CHANGED, name, now.key(), details);
            }
        }
    }

    private void add(Kind kind, String part, Place place, List<Difference.Detail> details) {
        found.add(new Difference(kind, part, place, details));
    }

    private static Map<String, Entry> byName(@Nullable ConfigNode list) {
        Map<String, Entry> items = new LinkedHashMap<>();
        if (list instanceof Sequence sequence) {
            for (ConfigNode item : sequence.items()) {
                if (item instanceof Mapping mapping && mapping.get("name") instanceof Scalar name) {
                    items.put(name.written(), new Entry(item.place(), item));
                }
            }
        }
        return items;
    }

    private static Map<String, Entry> byKey(@Nullable ConfigNode map) {
        return map instanceof Mapping mapping ? mapping.entries() : Map.of();
    }
}
