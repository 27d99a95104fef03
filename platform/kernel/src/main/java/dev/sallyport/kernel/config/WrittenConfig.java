package dev.sallyport.kernel.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a configuration say, put together as one, as it is written: a reference to a secret stays a reference,
 * since it is never resolved here, and a secret that is written out is shown by {@value #HIDDEN} alone. Immutable.
 *
 * @param root the whole; sections that several files have are one here
 */
public record WrittenConfig(ConfigNode.Mapping root) {

    /** What stands in the place of a secret that is written out in a file. */
    public static final String HIDDEN = "(hidden)";

    private static final Pattern SECRET =
            Pattern.compile("password|passphrase|secret|token|.*(password|passphrase|secret|token|apikey|api-key)");
    private static final Set<String> NO_SECRETS = Set.of("hash", "tokens");

    /**
     * Puts together what files say, as far as it can be read.
     *
     * @param main the name of the main file
     * @param texts what each says, by name: {@link Reading#texts}
     */
    public static WrittenConfig of(String main, Map<String, String> texts) {
        Map<String, List<ConfigNode>> sections = new LinkedHashMap<>();
        Map<String, ConfigNode.Entry> first = new LinkedHashMap<>();
        ConfigNode said = parse(main, texts);
        for (String name : inOrder(main, said, texts)) {
            ConfigNode node = name.equals(main) ? said : parse(name, texts);
            if (node instanceof ConfigNode.Mapping mapping) {
                mapping.entries().forEach((key, entry) -> {
                    first.putIfAbsent(key, entry);
                    sections.computeIfAbsent(key, k -> new ArrayList<>()).add(hidden(key, entry.value()));
                });
            }
        }
        Map<String, ConfigNode.Entry> all = new LinkedHashMap<>();
        sections.forEach((key, parts) -> {
            ConfigNode.Entry entry = first.get(key);
            if (entry != null) {
                all.put(key, new ConfigNode.Entry(entry.key(), merged(parts)));
            }
        });
        return new WrittenConfig(new ConfigNode.Mapping(Collections.unmodifiableMap(all), new Place(main, 1, 1)));
    }

    /**
     * One of a section: an item of a list by its {@code name}, or what a map has under that name.
     *
     * @return null where there is none
     */
    public @Nullable ConfigNode part(String section, String name) {
        ConfigNode.Entry entry = root.entries().get(section);
        return switch (entry == null ? null : entry.value()) {
            case ConfigNode.Sequence list ->
                list.items().stream()
                        .filter(item -> item instanceof ConfigNode.Mapping map && isNamed(map, name))
                        .findFirst()
                        .orElse(null);
            case ConfigNode.Mapping map -> {
                ConfigNode.Entry own = map.entries().get(name);
                yield own == null ? null : own.value();
            }
            case null, default -> null;
        };
    }

    private static boolean isNamed(ConfigNode.Mapping item, String name) {
        ConfigNode.Entry own = item.entries().get("name");
        return own != null
                && own.value() instanceof ConfigNode.Scalar scalar
                && scalar.written().equals(name);
    }

    private static @Nullable ConfigNode parse(String name, Map<String, String> texts) {
        return new YamlText(name, problem -> {}).parse(texts.getOrDefault(name, ""));
    }

    /** The main file, then its includes in the order in which it names them. */
    private static Set<String> inOrder(String main, @Nullable ConfigNode root, Map<String, String> texts) {
        Set<String> names = new LinkedHashSet<>();
        names.add(main);
        Set<String> others = new TreeMap<>(texts).keySet();
        Path folder = Path.of("").toAbsolutePath();
        for (String pattern : patterns(root)) {
            try {
                IncludeFiles.Pattern glob = IncludeFiles.Pattern.of(folder, pattern);
                others.stream()
                        .filter(name -> glob.matches(folder.resolve(name).normalize()))
                        .forEach(names::add);
            } catch (IllegalArgumentException noPattern) {
                // its files come last
            }
        }
        names.addAll(others);
        return names;
    }

    /** The patterns of the files that a main file includes. */
    static List<String> patterns(@Nullable ConfigNode root) {
        List<String> patterns = new ArrayList<>();
        if (root instanceof ConfigNode.Mapping mapping && mapping.get("include") instanceof ConfigNode.Sequence list) {
            for (ConfigNode include : list.items()) {
                ConfigNode files = include instanceof ConfigNode.Mapping one ? one.get("files") : include;
                if (files instanceof ConfigNode.Scalar scalar) {
                    patterns.add(scalar.written());
                } else if (files instanceof ConfigNode.Sequence several) {
                    several.items().forEach(file -> patterns.add(file.toString()));
                }
            }
        }
        return patterns;
    }

    private static ConfigNode merged(List<ConfigNode> parts) {
        ConfigNode one = parts.getFirst();
        if (parts.size() == 1) {
            return one;
        }
        if (parts.stream().allMatch(ConfigNode.Sequence.class::isInstance)) {
            List<ConfigNode> items = new ArrayList<>();
            parts.forEach(part -> items.addAll(((ConfigNode.Sequence) part).items()));
            return new ConfigNode.Sequence(List.copyOf(items), one.place());
        }
        if (parts.stream().allMatch(ConfigNode.Mapping.class::isInstance)) {
            Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
            parts.forEach(part -> ((ConfigNode.Mapping) part).entries().forEach(entries::putIfAbsent));
            return new ConfigNode.Mapping(Collections.unmodifiableMap(entries), one.place());
        }
        return one;
    }

    /** The same without the values of keys that are secrets by their name. */
    private static ConfigNode hidden(String key, ConfigNode node) {
        return switch (node) {
            case ConfigNode.Scalar scalar ->
                !scalar.isNull() && isSecret(key, scalar.written()) ? hidden(scalar) : scalar;
            case ConfigNode.Sequence list ->
                new ConfigNode.Sequence(
                        list.items().stream().map(item -> hidden(key, item)).toList(), list.place());
            case ConfigNode.Mapping mapping -> {
                Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
                mapping.entries()
                        .forEach((name, entry) ->
                                entries.put(name, new ConfigNode.Entry(entry.key(), hidden(name, entry.value()))));
                yield new ConfigNode.Mapping(Collections.unmodifiableMap(entries), mapping.place());
            }
        };
    }

    /** Whether what is written under that key is a secret, and not a reference to one. */
    static boolean isSecret(String key, String written) {
        String name = key.toLowerCase(Locale.ROOT);
        return !NO_SECRETS.contains(name) && SECRET.matcher(name).matches() && !written.contains("${");
    }

    private static ConfigNode.Scalar hidden(ConfigNode.Scalar scalar) {
        return new ConfigNode.Scalar(scalar.text(), HIDDEN, true, scalar.place(), List.of());
    }

    /** The whole as YAML. */
    public String yaml() {
        StringBuilder out = new StringBuilder();
        root.entries().forEach((key, entry) -> out.append(WrittenText.entry(key, entry.value(), 0, 60)));
        return out.toString();
    }
}
